// Nothing: the floor of every cold start.
export const handler = async () => ({ statusCode: 200, body: 'hello' })
