/** Errors in the guest's words. */

import {t} from './i18n.js'

const A_MINUTE = 60

const LINE_TROUBLES = {
  'item.unknown': 'line.gone',
  'item.unavailable': 'line.sold_out',
  'stock.short': 'line.short',
  'modifier.unavailable': 'line.choice_gone',
  'modifier.unknown': 'line.choice_gone',
  'modifier.repeated': 'line.choice_gone',
  'modifier.count': 'line.choice_gone',
  'combo.unknown': 'line.gone',
  'combo.choice': 'line.choice_gone',
  'combo.count': 'line.choice_gone'
}

/** What a refused cart says of one of its lines: `{line, key, n}`, or null. */
export function lineTroubleIn(error) {
  const key = LINE_TROUBLES[error?.code]
  if (!key || error.facts.line === undefined) return null
  return {line: error.facts.line, key, n: error.facts.left ?? 0}
}

/** A sentence about an error; unknown ones keep the server's own sentence. */
export function errorWords(error) {
  const key = `error.${error.code}`
  const own = t(key, {...error.facts, n: error.retryAfter ?? A_MINUTE})
  if (own !== key) return own
  return error.facts?.detail ?? t('error.other')
}

/** Whether it is about a discount code. */
export const isOfCode = error => Boolean(error?.code?.startsWith('discount.'))
