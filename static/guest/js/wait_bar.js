/** How long an order takes: a plain bar up to the time that was said, and if it is late. */

import {html} from '../../vendor/htm-preact.js'
import {clock, momentWords, t} from './i18n.js'
import {readyBy} from './phase.js'
import {Notice, useNow} from './ui.js'

const A_DAY_MS = 24 * 60 * 60 * 1000
const A_MINUTE_MS = 60_000

export function WaitBar({order, timezone}) {
  const isWaiting = order.status !== 'ready'
  const at = useNow(isWaiting)
  if (!isWaiting) return null
  const until = Date.parse(readyBy(order))
  const from = Date.parse(order.accepted_at ?? order.paid_at ?? order.created_at)
  const left = until - at
  if (left > A_DAY_MS) return null
  if (left < -A_MINUTE_MS)
    return html`
      <${Notice} kind="warn" title=${t('late.title')}>
        ${t('late.text', {time: clock(until, timezone)})}
      <//>
    `
  const n = Math.max(1, Math.ceil(left / A_MINUTE_MS))
  const words = t('wait.minutes', {n, time: momentWords(until, timezone)})
  return html`
    <div class="wait-bar">
      <progress
        max=${Math.max(until - from, 1)}
        value=${Math.min(Math.max(at - from, 0), until - from)}
        aria-label=${t('wait.label')}
      ></progress>
      <p>${words}</p>
    </div>
  `
}
