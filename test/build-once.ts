// Bundles the functions once, before any test that runs a bundle.
import { build } from '../build.ts'

export default async function buildOnce() {
  await build()
}
