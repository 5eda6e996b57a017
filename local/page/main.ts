// The page: the app, the telephone that its number belongs to, and the addresses of everything.
import { callgate } from '../../client/callgate.ts'
import { app } from './app.ts'
import { isHere, readPlaces, showPlaces } from './places.ts'
import { realTelephones } from './real-telephones.ts'
import { telephone } from './telephone.ts'
import { traffic } from './traffic.ts'

const start = async () => {
  const places = await readPlaces()
  showPlaces(places)
  const url = places['twilio'] ?? ''
  const ask = traffic()
  const client = callgate({ url: location.origin, clientId: 'app', fetch: ask })
  app({ client, ask, telephone: isHere(url) ? telephone(url) : realTelephones() })
}

// To a browser localhost and 127.0.0.1 are two sites, and the session's cookie has to reach Sync Gateway at localhost.
if (location.hostname === '127.0.0.1') location.hostname = 'localhost'
else await start()
