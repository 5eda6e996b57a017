// The map of the cluster that a client asks for again and again: one node, and one part of each bucket on it.

/** `port` must be the one that the client dialled: the SDK looks for itself among the nodes by it, and aborts if it is not there. */
export const clusterConfig = ({ port, bucket, replicas }: { port: number; bucket: string | undefined; replicas: number }): Buffer => {
  const node = { thisNode: true, services: { kv: port } }
  const cluster = { rev: 1, revEpoch: 1, nodesExt: [node] }
  if (bucket === undefined) return Buffer.from(JSON.stringify(cluster))
  return Buffer.from(
    JSON.stringify({
      ...cluster,
      name: bucket,
      nodeLocator: 'vbucket',
      bucketCapabilities: ['cccp', 'collections', 'durableWrite', 'nodesExt', 'preserveExpiry', 'touch', 'xattr'],
      vBucketServerMap: {
        hashAlgorithm: 'CRC',
        numReplicas: replicas,
        vBucketMap: [[0, ...Array<number>(replicas).fill(-1)]],
      },
    }),
  )
}
