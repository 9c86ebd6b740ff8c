// The Node process. SOCKHOP names a folder with Sockhop 2.x; without it the package sockhop (1.x: text only, smaller buffers).
const crypto = require('crypto')
const Sockhop = require(process.env.SOCKHOP || 'sockhop')
const Client = Sockhop.Client || Sockhop.client
const path = process.argv[2] || 'peers.sock'

class Greeting { constructor (name) { this.Name = name } }
const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest('hex')

async function main () {
  const client = new Client({ path })
  const ask = value => new Promise(resolve => client.send(value, resolve))
  client.on('error', error => console.log('error:', error.message))
  client.on('receive', (value, meta) => {
    if (!meta.callback || !(Buffer.isBuffer(value) || meta.type === 'Buffer')) return
    const bytes = Buffer.isBuffer(value) ? value : Buffer.from(value, 'base64')
    meta.callback({ Length: bytes.length, Sha256: sha256(bytes) })
  })

  if (client.start) await client.start()
  else await client.connect()
  console.log('.NET answers', await ask(new Greeting('Node')))
  if (client.binary_mode && client.binary_mode.tx) {
    const bytes = crypto.randomBytes(100e6)
    console.log('to .NET:', bytes.length, 'bytes, SHA-256', sha256(bytes))
    await client.send(bytes)
  }
  await ask('your turn')
  await client.disconnect()
}

// Version 1.x leaves timers behind that would keep the process.
main().then(() => process.exit())
