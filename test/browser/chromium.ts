// A real Chromium, from npm alone, with its web security on.
import { execFile } from 'node:child_process'
import { access, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import { chromium, type Browser } from 'playwright-core'

/** The package has a program for Linux on x64 alone. */
export const isHere = process.platform === 'linux' && process.arch === 'x64'

const root = `${import.meta.dirname}/../..`
const packageFolder = dirname(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')))
const home = `${root}/node_modules/.cache/callgate-chromium`

export const launch = async (): Promise<Browser> => {
  const unpacked = await unpack()
  return chromium.launch({
    executablePath: `${unpacked}/chromium`,
    // Nothing of what the package advises: its flags switch off what these tests are about.
    args: ['--headless=shell', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update'],
    env: { ...process.env, LD_LIBRARY_PATH: `${unpacked}/al2023/lib`, FONTCONFIG_FILE: `${unpacked}/fonts.conf` },
  })
}

/** Once for all runs; whoever else is at it at the same time works in a folder of its own, and the first one stays. */
const unpack = async () => {
  const { version } = createRequire(import.meta.url)(`${packageFolder}/package.json`) as { version: string }
  const place = `${home}-${version}`
  if (await exists(place)) return place
  await mkdir(dirname(home), { recursive: true })
  const made = await mkdtemp(`${home}-`)
  // The package unpacks into the folder for temporary files, which a process has one of.
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', unpacking, packageFolder], { cwd: root, env: { ...process.env, TMPDIR: made } })
  await writeFile(`${made}/fonts.conf`, `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${place}/fonts</dir><dir>/usr/share/fonts</dir><cachedir>${place}/font-cache</cachedir></fontconfig>`)
  await rename(made, place).catch(() => rm(made, { recursive: true }))
  return place
}

const unpacking = `
  import { inflate } from '@sparticuz/chromium'
  for (const file of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) await inflate(process.argv[1] + '/bin/' + file)`

const exists = (folder: string) => access(folder).then(() => true, () => false)
