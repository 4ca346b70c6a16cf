/** How wide the paper is that a receipt is printed on: what browsers are told of it. */

import {useLayoutEffect, useState} from '../../vendor/htm-preact.js'
import {recall, remember} from './state.js'

const NAME = 'paper'
const LARGE = 'A4'
/** Large sheets (the browser knows which), and rolls by their width in mm. */
export const PAPERS = ['58', '80', LARGE]
/** Paper below the last line, so that it can be torn off; also what rounding needs. */
const TAIL_MM = 8
/** Longer receipts go on with the next page. */
const LONGEST_MM = 3000

/** `[paper, choose]`: the choice is remembered, and what is printed follows it. */
export function usePaper(sheet) {
  const [paper, setPaper] = useState(() => {
    const known = recall(NAME)
    return PAPERS.includes(known) ? known : LARGE
  })
  useLayoutEffect(() => {
    const set = () => setPage(paper)
    set()
    addEventListener('beforeprint', set)
    return () => removeEventListener('beforeprint', set)
  }, [paper, sheet])
  const choose = next => {
    remember(NAME, next)
    setPaper(next)
  }
  return [paper, choose]
}

let rules = null

/** A page on a roll is as long as the receipt; large sheets keep their own size. */
function setPage(paper) {
  if (!document.adoptedStyleSheets) return
  const length = paper === LARGE ? 0 : lengthOn(Number(paper))
  const page = length ? `size: ${paper}mm ${length}mm; margin: 0` : 'margin: 12mm'
  if (!rules) {
    rules = new CSSStyleSheet()
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, rules]
  }
  rules.replaceSync(`@page { ${page} }`)
}

/** In mm. The receipt on the screen has the proportions of the one on paper. Never
 * wider than long: a printer would turn it. */
function lengthOn(width) {
  const box = document.querySelector('.receipt-paper').getBoundingClientRect()
  const length = Math.ceil((box.height / box.width) * width) + TAIL_MM
  return Math.min(LONGEST_MM, Math.max(length, width + 1))
}
