/** What the kitchen does with each line; a tab's are shown round by round. */

import {html} from '../../vendor/htm-preact.js'
import {t, times} from './i18n.js'
import {keptOrder} from './orders.js'
import {Icon} from './ui.js'

const ICONS = {held: 'clock', waiting: 'clock', cooking: 'flame', done: 'check'}

export function Progress({order}) {
  const rounds = roundsOf(order)
  const isMoving = order.items.some(({status}) => status !== 'waiting')
  if (!isMoving && rounds.length < 2) return null
  return html`
    <section class="line-progress" aria-label=${t('lines.title')}>
      ${rounds.map(
        (lines, index) => html`
          ${rounds.length > 1 && html`<h2>${t('lines.round', {number: index + 1})}</h2>`}
          <ul>
            ${lines.map(line => html`<${Line} key=${line.id} line=${line} isReady=${order.status === 'ready'} />`)}
          </ul>
        `
      )}
    </section>
  `
}

function Line({line, isReady}) {
  const status = isReady ? 'done' : line.status
  return html`
    <li class="kitchen-line ${status}">
      <span class="grow">${times(line.quantity, line.name)}</span>
      <span class="line-state"
        ><${Icon} name=${ICONS[status]} /> ${t(`lines.${status}`)}</span
      >
    </li>
  `
}

/** The lines as they came, one round after the other, as this device saw them. */
function roundsOf(order) {
  if (!order.is_tab) return [order.items]
  const known = keptOrder(order.id)?.rounds ?? []
  const roundOf = ({id}) => {
    const index = known.findIndex(ids => ids.includes(id))
    return index < 0 ? known.length : index
  }
  const rounds = []
  for (const line of order.items) (rounds[roundOf(line)] ??= []).push(line)
  return rounds.filter(Boolean)
}
