/** What became of a total that the guest had seen, and why. */

import {html} from '../../vendor/htm-preact.js'
import {rich, t} from './i18n.js'
import {money, sats} from './money.js'
import {Amount, Notice} from './ui.js'

/** `change` is `{before, after, isPrice}`: two quotes for the same cart. */
export function Changes({change}) {
  const reasons = reasonsOf(change)
  return html`
    <${Notice} kind="warn" role="alert">
      <p>${headline(change)}</p>
      ${
        reasons.length > 0 &&
        html`<ul class="reasons">
          ${reasons.map(each => html`<li>${each}</li>`)}
        </ul>`
      }
    <//>
  `
}

/** "The exchange rate moved: now 27,010 sat, before 26,968 sat." */
function headline({before, after, isPrice}) {
  const shown = quote => {
    const fiat = money(quote.total, quote.currency)
    const words = isPrice && quote.currency !== 'sat' ? fiat : sats(quote.total_msat)
    return html`<${Amount}>${words}<//>`
  }
  const key = isPrice ? 'cart.price_changed' : 'cart.rate_changed'
  return rich(key, {now: shown(after), before: shown(before)})
}

/** Each thing that moved, in a few words. */
function reasonsOf({before, after, isPrice}) {
  const reasons = after.changes.flatMap(change => wordsOf(change, isPrice))
  if (before.price_list && before.price_list !== after.price_list)
    reasons.push(t('change.over', {name: before.price_list}))
  return reasons
}

function wordsOf({what, name, before, after}, isPrice) {
  switch (what) {
    case 'price':
      return [
        rich('change.price', {name, before: priced(before), after: priced(after)})
      ]
    case 'modifiers':
      return [t('change.extras', {name})]
    case 'tax':
      return [t('change.tax', {name})]
    case 'rate':
      return isPrice ? [t('change.rate')] : []
    case 'discounts':
    case 'charges':
      return namesMoved(what, before, after)
    default:
      return [] // the total is in the headline
  }
}

/** "85.00 GTQ" for people. */
function priced(text) {
  const [amount, currency] = text.split(' ')
  return html`<${Amount}>${money(amount, currency)}<//>`
}

/** "Happy hour is over", "Service is new"; the same names with other figures. */
function namesMoved(what, before, after) {
  const [was, is] = [before, after].map(names => names.split(', ').filter(Boolean))
  const gone = was.filter(name => !is.includes(name))
  const come = is.filter(name => !was.includes(name))
  if (!gone.length && !come.length)
    return [t(what === 'charges' ? 'change.charges' : 'change.discounts')]
  return [
    ...gone.map(name => t('change.over', {name})),
    ...come.map(name => t('change.new', {name}))
  ]
}
