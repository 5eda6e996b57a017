// What Sync Gateway holds of all accounts, read through the admin port, and what must be true of it when nothing is under way.

type Body = Record<string, unknown>

export const ledger = (adminUrl: string) => {
  const at = (path: string) => `${adminUrl}/notes/${path}`
  const get = async (path: string): Promise<Body | undefined> => {
    const response = await fetch(at(path))
    return response.ok ? ((await response.json()) as Body) : undefined
  }
  const put = (path: string, body: object) =>
    fetch(at(path), { method: 'PUT', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

  const all = async (prefix: RegExp) => {
    const { rows } = (await get('_all_docs?include_docs=true')) as { rows: { id: string; doc: Body }[] }
    return rows.filter(({ id }) => prefix.test(id)).map(({ id, doc }): Body & { id: string } => ({ ...doc, id: id.replace(prefix, '') }))
  }

  /** A sentence for each thing that is wrong: an account out of reach, a line with two, a user who may do other than the account says. */
  const problems = async () => {
    const [accounts, lines] = [await all(/^signin::(?=u::)/), await all(/^signin::tel::/)]
    const living = accounts.filter(({ status }) => status !== 'spent')
    const found = await Promise.all(accounts.map((account) => wrongAccess(account)))
    for (const { id, line, movingTo } of living) {
      if (!lines.some((one) => one.id === line && named(one) === id)) found.push([`the line of ${id} does not name it`])
      if (movingTo !== undefined) found.push([`${id} is still moving`])
      if (living.some((other) => other.id !== id && other['line'] === line)) found.push([`${id} shares its line`])
    }
    for (const line of lines) {
      const account = living.find(({ id }) => id === named(line))
      if (named(line) !== undefined && account?.['line'] !== line.id) found.push([`a line names ${String(named(line))}, which does not name it`])
    }
    return found.flat()
  }

  const wrongAccess = async ({ id, status, ...account }: Body & { id: string }) => {
    const [user, profile] = await Promise.all([get(`_user/${id.replace('::', '-')}`), get(id)])
    const is = JSON.stringify([user && [user['admin_channels'] ?? [], user['disabled'] ?? false], profile !== undefined])
    const should = { active: [[[id], false], true], disabled: [[[], true], true], spent: [null, false] }[String(status)]
    const left = Object.keys(account).filter((name) => !['_id', '_rev', '_cv', 'type', 'createdAt'].includes(name))
    return [
      ...(is === JSON.stringify(should) ? [] : [`${id} is ${String(status)}, and its user and profile are ${is}`]),
      ...(status === 'spent' && left.length ? [`${id} is spent and keeps ${left.join()}`] : []),
    ]
  }

  return { get, put, all, problems }
}

const named = ({ account }: Body) => (account as { id: string } | undefined)?.id
