/** The tip: the restaurant's percentages, an amount of one's own, or none. */

import {html, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {
  decimalsIn,
  fromMinor,
  minorOf,
  money,
  percentOf,
  readAmount,
  toMinor
} from './money.js'
import {Amount} from './ui.js'

/** In the cart: none unless the guest wants to. */
export function TipPicker({cart, value, quote, restaurant}) {
  const round = quote && roundedUp(quote, restaurant, value.tip)
  const options = restaurant.tip_options
  if (!options.length && !round) return null
  return html`
    <${TipFields}
      ...${{options, round}}
      tip=${value.tip}
      set=${tip => cart.update({tip})}
      of=${quote && {sum: beforeTip(quote), currency: quote.currency}}
      currency=${restaurant.currency}
      decimals=${decimalsIn(restaurant.cash_step)}
      note=${quote && includedWords(quote)}
    />
  `
}

/** A large party has a gratuity in its bill already. */
function includedWords({charges, currency}) {
  const found = charges.find(({kind}) => kind === 'gratuity')
  if (!found) return null
  return t('tip.included', {name: found.name, amount: money(found.amount, currency)})
}

/** Lines after discounts: what a percentage is of. */
function beforeTip({amounts, total}) {
  const sum = toMinor(amounts.subtotal) - toMinor(amounts.discount)
  return fromMinor(sum, decimalsIn(total))
}

/** The next round sum above the bill, where rounding up is offered; else null. */
function roundedUp(quote, {tip_round_to: step, currency}, tip) {
  if (!step || quote.currency !== currency) return null
  const {amounts, total, tax_inclusive: isIncluded} = quote
  const tax = isIncluded ? 0n : toMinor(amounts.tax)
  const bill = toMinor(beforeTip(quote)) + toMinor(amounts.service) + tax
  const coin = minorOf(step, decimalsIn(total))
  const target = ((bill + coin - 1n) / coin) * coin
  return target > bill || tip?.round_up ? fromMinor(target, decimalsIn(total)) : null
}

/**
 * The choices. `of` is `{sum, currency}` that percentages are of, when it is known;
 * `set` gets `{percent}`, `{amount}`, `{round_up}` or null.
 */
export function TipFields(fields) {
  const {
    options,
    round,
    tip,
    set,
    of,
    currency,
    decimals,
    note,
    hasNone = true
  } = fields
  const [isOwn, setOwn] = useState(Boolean(tip?.amount))
  const pick = next => {
    setOwn(false)
    set(next)
  }
  return html`
    <fieldset class="group tips">
      <legend><span class="group-name">${t('tip.title')}</span></legend>
      ${note && html`<p class="about">${note}</p>`}
      <div class="tip-options">
        ${options.map(
          percent => html`
            <${Tip}
              key=${percent}
              isOn=${tip?.percent === percent && !isOwn}
              pick=${() => pick({percent})}
            >
              ${t('tip.percent', {percent})}
              ${of && html`<small><${Amount}>${money(shareIn(of.sum, percent), of.currency)}<//></small>`}
            <//>
          `
        )}
      </div>
      <div class="tip-options">
        ${
          hasNone &&
          html`<${Tip} isOn=${!tip && !isOwn} pick=${() => pick(null)}
            >${t('tip.none')}<//
          >`
        }
        ${
          round &&
          html`<${Tip}
            isOn=${Boolean(tip?.round_up) && !isOwn}
            pick=${() => pick({round_up: true})}
          >
            ${t('tip.round_up')}
            <small><${Amount}>${money(round, of.currency)}<//></small>
          <//>`
        }
        <${Tip} isOn=${isOwn} pick=${() => setOwn(true)}>${t('tip.own')}<//>
      </div>
      ${isOwn && html`<${OwnTip} ...${{tip, set, currency, decimals}} />`}
    </fieldset>
  `
}

const Tip = ({isOn, pick, children}) => html`
  <label class=${isOn ? 'tip on' : 'tip'}>
    <input type="radio" name="tip" checked=${isOn} onChange=${pick} />
    <span>${children}</span>
  </label>
`

/** So many percent of a price text, as a price text. */
export const shareIn = (sum, percent) =>
  fromMinor(percentOf(toMinor(sum), percent), decimalsIn(sum))

/** An amount of the guest's own, in the restaurant's currency. */
function OwnTip({tip, set, currency, decimals}) {
  const [typed, setTyped] = useState(tip?.amount ?? '')
  const [isWrong, setWrong] = useState(false)
  const onInput = event => {
    const text = event.target.value
    const amount = readAmount(text, decimals)
    setTyped(text)
    setWrong(Boolean(text.trim()) && !amount)
    set(amount && {amount})
  }
  return html`
    <label class="field">
      <span>${t('tip.amount', {currency})}</span>
      <input
        inputmode="decimal"
        autocomplete="off"
        value=${typed}
        aria-invalid=${isWrong ? 'true' : null}
        onInput=${onInput}
      />
      ${isWrong && html`<small class="fault">${t('tip.wrong')}</small>`}
    </label>
  `
}
