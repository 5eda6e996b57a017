// Session cookies, written as Go's net/http writes them.

export type Cookie = { name: string; value: string; path?: string; expires: number; httpOnly?: boolean; secure?: boolean; sameSiteNone?: boolean }

export const cookieText = ({ name, value, path, expires, httpOnly, secure, sameSiteNone }: Cookie) =>
  [
    `${name}=${value}`,
    ...(path === undefined ? [] : [`Path=${path}`]),
    `Expires=${new Date(expires).toUTCString()}`,
    ...(httpOnly ? ['HttpOnly'] : []),
    ...(secure ? ['Secure'] : []),
    ...(sameSiteNone ? ['SameSite=None'] : []),
  ].join('; ')

/** The first cookie of that name, if there is one. */
export const cookieValue = (header: string | undefined, name: string) => {
  for (const part of (header ?? '').split(';')) {
    const [key, ...rest] = part.trim().split('=')
    if (key === name && rest.length > 0) return rest.join('=').replace(/^"(.*)"$/, '$1')
  }
  return undefined
}

/** The path of a cookie is the first part of the request's, with or without a collection. */
export const cookiePath = (requestPath: string) => /^\/[^/]+/.exec(requestPath)?.[0] ?? '/'
