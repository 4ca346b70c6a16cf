/** The bill of an order: its lines, what came off and on, taxes, both moneys. */

import {html} from '../../vendor/htm-preact.js'
import {clock, dayAndTime, t, times} from './i18n.js'
import {decimalsIn, fromMinor, money, percentText, toMinor} from './money.js'
import {receiptUrl} from './orders.js'
import {hasArrived} from './paying.js'
import {worth} from './phase.js'
import {Figures} from './totals.js'
import {Amount, Icon} from './ui.js'

const A_DAY_MS = 24 * 60 * 60 * 1000
/** Orders that are not paid any more. */
const ENDS = new Set(['canceled', 'refunded'])

export function Receipt({order, restaurant, token}) {
  const timezone = restaurant?.timezone
  const isOld = Date.now() - Date.parse(order.created_at) > A_DAY_MS
  const time = (isOld ? dayAndTime : clock)(order.created_at, timezone)
  const hasTable = order.tax_inclusive && order.taxes.some(({rate}) => Number(rate) > 0)
  return html`
    <ul class="lines-list">
      ${blocksOf(order).map(block => html`<${Block} key=${block.id} ...${block} order=${order} />`)}
    </ul>
    ${order.note && html`<p class="line-note"><${Icon} name="note" /> ${order.note}</p>`}
    <${Figures}
      of=${order}
      restaurant=${restaurant}
      taxes=${hasTable && html`<${TaxTable} order=${order} />`}
    />
    <${Paid} order=${order} />
    <p class="placed">${t('order.placed_at', {time})}</p>
    <${OnPaper} order=${order} token=${token} />
  `
}

/** The way to the receipt that can be printed; while something is due, to the bill. */
function OnPaper({order, token}) {
  const hasMoney = Boolean(order.paid_at) || order.paid_msat > 0
  const isBill = order.due_msat > 0
  const isOver = ENDS.has(order.status)
  if (!hasMoney && (isOver || !isBill)) return null
  return html`
    <a
      class=${isBill ? 'link' : 'secondary wide'}
      href=${receiptUrl({id: order.id, token})}
    >
      <${Icon} name="note" /> ${t(isBill && !isOver ? 'paper.bill' : 'paper.receipt')}
    </a>
  `
}

/** An order's lines; the parts of a set menu stand together under its name. */
function blocksOf({items}) {
  const blocks = new Map()
  for (const line of items) {
    const {combo} = line
    const id = combo ? `combo ${combo.line}` : line.id
    const known = blocks.get(id)
    if (known) known.lines.push(line)
    else blocks.set(id, {id, combo: combo?.name ?? null, lines: [line]})
  }
  return [...blocks.values()]
}

function Block({combo, lines, order}) {
  if (!combo) {
    return html`<${Line} line=${lines[0]} sum=${sumOf(lines)} order=${order} />`
  }
  return html`
    <li class="line plain">
      <div class="grow">
        <div class="line-sum">
          <h3>${combo}</h3>
          <${Sum} sum=${sumOf(lines)} order=${order} />
        </div>
        <ul class="line-choices">
          ${lines.map(line => html`<li>${times(line.quantity, line.name)}${chosenOf(line, ' (', ')')}</li>`)}
        </ul>
        <${Off} lines=${lines} order=${order} />
        ${lines[0].note && html`<${Note} text=${lines[0].note} />`}
      </div>
    </li>
  `
}

const Line = ({line, sum, order}) => html`
  <li class="line plain">
    <span class="times">${line.quantity} ×</span>
    <div class="grow">
      <div class="line-sum">
        <h3>${line.name}</h3>
        <${Sum} sum=${sum} order=${order} />
      </div>
      ${line.modifiers.length > 0 && html`<p class="line-choices">${chosenOf(line)}</p>`}
      <${Off} lines=${[line]} order=${order} />
      ${line.note && html`<${Note} text=${line.note} />`}
    </div>
  </li>
`

const Note = ({text}) => html`<p class="line-note"><${Icon} name="note" /> ${text}</p>`

function chosenOf({modifiers}, before = '', after = '') {
  const names = modifiers.map(m => times(m.quantity, m.name)).join(', ')
  return names && before + names + after
}

/** What lines cost in their own currency; a set menu's saving is in it. */
function sumOf(lines) {
  const {currency, price} = lines[0]
  const decimals = decimalsIn(price)
  const total = lines.reduce((sum, line) => {
    const extras = line.modifiers.reduce(
      (all, m) => all + toMinor(m.price_delta) * BigInt(m.quantity),
      toMinor(line.price)
    )
    return sum + extras * BigInt(line.quantity)
  }, 0n)
  const saved = lines
    .flatMap(line => line.discounts)
    .filter(({kind}) => kind === 'combo')
    .reduce((sum, {amount}) => sum + toMinor(amount), 0n)
  return {text: fromMinor(total, decimals), currency, saved}
}

/** In another currency than the bill's a set menu's saving is told in the sums alone. */
function Sum({sum: {text, currency, saved}, order}) {
  const isOwn = currency === order.currency
  const shown = isOwn ? fromMinor(toMinor(text) - saved, decimalsIn(text)) : text
  return html`<${Amount} class="figures">${money(shown, currency)}<//>`
}

/** What else came off these lines. */
function Off({lines, order}) {
  const sums = new Map()
  for (const {name, kind, amount} of lines.flatMap(line => line.discounts)) {
    if (kind === 'combo' || kind === 'tax_exempt') continue
    sums.set(name, (sums.get(name) ?? 0n) + toMinor(amount))
  }
  return [...sums].map(([name, minor]) => {
    const off = money(fromMinor(-minor, decimalsIn(order.total)), order.currency)
    return html`<p class="line-off">${name} <${Amount}>${off}<//></p>`
  })
}

/** Net, tax and gross of each rate, for whoever needs the bill for their books. */
const TaxTable = ({order: {taxes, currency}}) => html`
  <table class="taxes">
    <thead>
      <tr>
        <td></td>
        <th scope="col">${t('bill.net')}</th>
        <th scope="col">${t('bill.tax')}</th>
        <th scope="col">${t('bill.gross')}</th>
      </tr>
    </thead>
    <tbody>
      ${taxes.map(
        ({rate, net, tax, gross}) => html`
          <tr>
            <th scope="row">${percentText(rate)}</th>
            ${[net, tax, gross].map(sum => html`<td><${Amount}>${money(sum, currency)}<//></td>`)}
          </tr>
        `
      )}
    </tbody>
  </table>
`

/** How it was paid. */
function Paid({order}) {
  const arrived = order.payments.filter(hasArrived)
  if (!arrived.length) return null
  return html`
    <ul class="paid-by">
      ${arrived.map(({id, method, amount, currency, received_msat: msat}) => {
        const isSats = amount === null || currency === 'sat'
        const sum = isSats ? worth(msat, order) : money(amount, currency)
        return html`<li key=${id}>
          <${Icon} name="check" />
          <span>${t(`way.${method}`)} · <${Amount}>${sum}<//></span>
        </li>`
      })}
    </ul>
  `
}
