// Base64url without padding, of bytes and of JSON.

export const base64url = (bytes: ArrayBuffer | Uint8Array) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, '-').replace(/\//g, '_').replace(/=/g, '')

export const utf8 = (text: string) => new TextEncoder().encode(text)

export const base64urlJson = (value: object) => base64url(utf8(JSON.stringify(value)))
