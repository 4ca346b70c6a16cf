/** When an order will be ready, in words, before it is paid. */

import {now} from './api.js'
import {clock, momentWords, t} from './i18n.js'

/**
 * "Ready in about 25 min (18:40)" of a quote or an order; null where nothing is
 * promised. A time that the guest chose is only repeated.
 */
export function readyWords(of, type, timezone) {
  const {pickup_at: chosen, quoted_minutes: n, wanted_at: at, is_busy: isBusy} = of
  if (chosen) return t(`ready.for.${type}`, {time: momentWords(chosen, timezone)})
  if (n === null || n === undefined) return null
  const time = clock(at ?? now() + n * 60_000, timezone)
  const key = type === 'delivery' ? 'ready.there_in' : 'ready.in'
  const words = t(key, {n, time})
  return isBusy ? t('ready.busy', {words}) : words
}
