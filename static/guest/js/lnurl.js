/** LUD-01: an address as an LNURL, bech32 in capitals, which make a lighter QR code. */

const LETTERS = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const PREFIX = 'lnurl'
const CHECKSUM_LENGTH = 6

/** "https://…" → "LNURL1…" */
export function lnurlOf(url) {
  const values = fives(new TextEncoder().encode(url))
  const all = [...values, ...checksum(values)]
  return `${PREFIX}1${all.map(value => LETTERS[value]).join('')}`.toUpperCase()
}

/** Bytes as groups of five bits, filled up with zeros. */
function fives(bytes) {
  const bits = [...bytes].map(byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? []).map(group =>
    Number.parseInt(group.padEnd(5, '0'), 2)
  )
}

function checksum(values) {
  const codes = [...PREFIX].map(letter => letter.charCodeAt(0))
  const prefix = [...codes.map(code => code >> 5), 0, ...codes.map(code => code & 31)]
  const zeros = Array(CHECKSUM_LENGTH).fill(0)
  const rest = remainder([...prefix, ...values, ...zeros]) ^ 1
  return zeros.map((_, index) => (rest >> (5 * (CHECKSUM_LENGTH - 1 - index))) & 31)
}

/** The remainder of bech32's polynomial, in 30 bits. */
function remainder(values) {
  let rest = 1
  for (const value of values) {
    const top = rest >> 25
    rest = ((rest & 0x1ffffff) << 5) ^ value
    GENERATOR.forEach((part, index) => {
      if ((top >> index) & 1) rest ^= part
    })
  }
  return rest
}
