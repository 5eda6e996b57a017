// The quiet drawer: each request of the app and its reply, as it happens, for whoever builds such an app.
import { element, write } from './element.ts'
import { shortened } from './shortened.ts'

const kept = 200

/** A fetch that writes down what goes through it. */
export const traffic = (ask: typeof fetch = (input, init) => fetch(input, init)): typeof fetch => {
  const list = element('traffic', HTMLOListElement)
  const template = element('exchange', HTMLTemplateElement)
  const count = element('traffic-count', HTMLElement)
  let asked = 0

  const added = (line: string) => {
    const item = (template.content.cloneNode(true) as DocumentFragment).querySelector('li')!
    write(item.querySelector('.line')!, line)
    list.prepend(item)
    while (list.children.length > kept) list.lastElementChild?.remove()
    asked += 1
    write(count, String(asked))
    return item
  }

  return async (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.href)
    const item = added(`${init?.method ?? 'GET'} ${url.origin === location.origin ? '' : url.host}${decodeURIComponent(url.pathname)}${url.search}`)
    const begun = performance.now()
    const finish = (outcome: string, reply: string) => {
      write(item.querySelector('.outcome')!, `${outcome} · ${Math.round(performance.now() - begun)} ms`)
      write(item.querySelector('.reply')!, reply)
    }
    write(item.querySelector('.sent')!, sent(init))
    try {
      const response = await ask(input, init)
      if (response.type === 'opaque') finish('an answer that a page may not read', '')
      // PouchDB cuts off what it has read.
      else void response.clone().text().then((text) => finish(String(response.status), shortened(text)), () => finish(String(response.status), ''))
      return response
    } catch (error) {
      finish('no answer that a page may read', '')
      throw error
    }
  }
}

const sent = (init: RequestInit = {}) => {
  const headers = [...new Headers(init.headers)].map(([name, value]) => `${name}: ${value}`)
  return shortened([...headers, ...(typeof init.body === 'string' ? ['', init.body.replace(/&/g, '\n&')] : [])].join('\n'))
}
