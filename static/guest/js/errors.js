/** Errors in the guest's words. */

import {momentWords, t} from './i18n.js'
import {money} from './money.js'

const A_MINUTE = 60

const LINE_TROUBLES = {
  'item.unknown': 'line.gone',
  'item.unavailable': 'line.sold_out',
  'item.not_now': 'line.later',
  'item.order_type': 'line.type',
  'stock.short': 'line.short',
  'modifier.unavailable': 'line.choice_gone',
  'modifier.unknown': 'line.choice_gone',
  'modifier.repeated': 'line.choice_gone',
  'modifier.count': 'line.choice_gone',
  'combo.unknown': 'line.gone',
  'combo.choice': 'line.choice_gone',
  'combo.count': 'line.choice_gone'
}

const GONE = new Set(['line.gone', 'line.sold_out', 'line.later', 'line.type'])

/**
 * What a refused cart says of one of its lines, as `troubleOf` would: `{line, key,
 * isGone, …values}`, or null.
 */
export function lineTroubleIn(error, timezone) {
  const known = LINE_TROUBLES[error?.code]
  if (!known || error.facts.line === undefined) return null
  const {line, left: n = 0, available_again_at: again} = error.facts
  const isNone = (known === 'line.later' && !again) || (known === 'line.short' && !n)
  const key = isNone ? 'line.sold_out' : known
  const time = again && momentWords(again, timezone)
  return {line, key, n, time, isGone: GONE.has(key)}
}

/** A sentence about an error; unknown ones keep the server's own sentence. */
export function errorWords(error, restaurant) {
  const key = `error.${error.code}`
  const values = {...error.facts, n: error.retryAfter ?? A_MINUTE}
  const own = t(key, {...values, ...(restaurant && inWords(error, restaurant))})
  if (own !== key) return own
  return error.facts?.detail ?? t('error.other')
}

/** Moments and sums of an error as guests write them. */
function inWords({code, facts}, {currency}) {
  const {limit, due, most} = facts
  if (code === 'tab.limit')
    return {limit: money(limit, currency), due: money(due, currency)}
  return code === 'stock.share' ? {n: most} : {}
}

/** Whether it is about a discount code. */
export const isOfCode = error => Boolean(error?.code?.startsWith('discount.'))

/** Whether it is about the time that was chosen. */
export const isOfTime = error => Boolean(error?.code?.startsWith('slot.'))
