/** "The staff changed your order": what, and what it comes to now. */

import {html} from '../../vendor/htm-preact.js'
import {rich, t, times} from './i18n.js'
import {money} from './money.js'
import {faceOf} from './orders.js'
import {Amount, Notice} from './ui.js'

/** `seen` is the order's face that the guest knows; `accept` takes the new one. */
export function Edited({order, seen, accept}) {
  const face = faceOf(order)
  const amount = text => html`<${Amount}>${money(text, order.currency)}<//>`
  const sums = {before: amount(seen.total), after: amount(face.total)}
  const isOneEdit = order.edited && order.revision === seen.revision + 1
  const changes = isOneEdit
    ? order.edited.changes.map(each => wordsOf(each, order)).filter(Boolean)
    : changesIn(seen, face)
  return html`
    <${Notice} kind="warn" role="alert" title=${t('edited.title')}>
      ${
        changes.length > 0 &&
        html`<ul class="reasons">
          ${changes.map(each => html`<li>${each}</li>`)}
        </ul>`
      }
      ${seen.total !== face.total && html`<p>${rich('edited.text', sums)}</p>`}
      <button type="button" class="secondary" onClick=${accept}>
        ${t('edited.seen')}
      </button>
    <//>
  `
}

/** One change of the last edit, as the server tells it; the total has its own words. */
function wordsOf({what, name, before, after}, {currency}) {
  const moved = named =>
    t('edited.count', {name: named, ...sumsOf(before, after, currency)})
  switch (what) {
    case 'added':
      return t('edited.added', {name: times(Number(after), name)})
    case 'removed':
      return t('edited.removed', {name: times(Number(before), name)})
    case 'quantity':
      return t('edited.count', {name, before, after})
    case 'note':
      return name ? `${name}: ${t('edited.note')}` : t('edited.note')
    case 'discount':
      return moved(t('total.discount'))
    case 'tip':
      return moved(t('total.tip'))
    case 'tax_exempt':
      return after && t('total.exempt')
    case 'table':
      return after && t('edited.table', {table: after})
    default:
      return null
  }
}

const sumsOf = (before, after, currency) => ({
  before: before === null ? '–' : money(before, currency),
  after: after === null ? '–' : money(after, currency)
})

/** After several edits: lines by their words, with how many there were and are; another table. */
function changesIn(seen, face) {
  const names = new Set([...Object.keys(seen.lines), ...Object.keys(face.lines)])
  const changes = []
  for (const name of names) {
    const [before, after] = [seen.lines[name] ?? 0, face.lines[name] ?? 0]
    if (before === after) continue
    const key = !before ? 'added' : after ? 'count' : 'removed'
    const said = {
      before,
      after,
      name: before && after ? name : times(before || after, name)
    }
    changes.push(t(`edited.${key}`, said))
  }
  if (seen.table !== face.table && face.table)
    changes.push(t('edited.table', {table: face.table}))
  return changes
}
