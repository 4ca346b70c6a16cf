/** A QR code as one path of an SVG: black on white, with its quiet zone. */

import {encode} from '../../vendor/uqr.js'
import {html, useMemo} from '../../vendor/htm-preact.js'

const QUIET = 4

export function QrCode({text, label}) {
  const {size, path} = useMemo(() => drawing(text), [text])
  return html`
    <svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label}>
      <rect width=${size} height=${size} fill="#fff" />
      <path d=${path} fill="#000" />
    </svg>
  `
}

function drawing(text) {
  const {data, size} = encode(text, {ecc: 'L', border: QUIET})
  const runs = data.flatMap((row, y) =>
    runsOf(row).map(([x, width]) => `M${x} ${y}h${width}v1h-${width}z`)
  )
  return {size, path: runs.join('')}
}

/** Where black begins in a row, and how far it reaches. */
function runsOf(row) {
  const runs = []
  row.forEach((isBlack, x) => {
    if (!isBlack) return
    if (row[x - 1]) runs[runs.length - 1][1]++
    else runs.push([x, 1])
  })
  return runs
}
