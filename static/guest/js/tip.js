/** The tip: the restaurant's percentages, an amount of one's own, or none. */

import {html, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {decimalsIn, money, msatIn, percentOf, readAmount} from './money.js'
import {Amount} from './ui.js'

export function TipPicker({cart, value, quote, restaurant}) {
  const [isOwn, setOwn] = useState(Boolean(value.tip?.amount))
  if (!restaurant.tip_options.length) return null
  const pick = tip => {
    setOwn(false)
    cart.update({tip})
  }
  return html`
    <fieldset class="group tips">
      <legend><span class="group-name">${t('tip.title')}</span></legend>
      <div class="tip-options">
        ${restaurant.tip_options.map(
          percent => html`
            <${Tip}
              key=${percent}
              isOn=${value.tip?.percent === percent && !isOwn}
              pick=${() => pick({percent})}
            >
              ${t('tip.percent', {percent})}
              ${quote && html`<small><${Amount}>${shareOf(quote, percent)}<//></small>`}
            <//>
          `
        )}
      </div>
      <div class="tip-options">
        <${Tip} isOn=${!value.tip && !isOwn} pick=${() => pick(null)}
          >${t('tip.none')}<//
        >
        <${Tip} isOn=${isOwn} pick=${() => setOwn(true)}>${t('tip.own')}<//>
      </div>
      ${isOwn && html`<${OwnTip} cart=${cart} value=${value} quote=${quote} />`}
    </fieldset>
  `
}

const Tip = ({isOn, pick, children}) => html`
  <label class=${isOn ? 'tip on' : 'tip'}>
    <input type="radio" name="tip" checked=${isOn} onChange=${pick} />
    <span>${children}</span>
  </label>
`

/** A percentage of the subtotal, for people. */
function shareOf(quote, percent) {
  const share = percentOf(quote.subtotal_msat, percent)
  const decimals = decimalsIn(quote.total)
  return money(msatIn(share, quote.currency, quote.rates, decimals), quote.currency)
}

function OwnTip({cart, value, quote}) {
  const [typed, setTyped] = useState(value.tip?.amount ?? '')
  const [isWrong, setWrong] = useState(false)
  const currency = quote?.currency ?? value.tip?.currency ?? ''
  const onInput = event => {
    const text = event.target.value
    const amount = quote && readAmount(text, decimalsIn(quote.total))
    setTyped(text)
    setWrong(Boolean(text.trim()) && !amount)
    cart.update({tip: amount && quote ? {amount, currency: quote.currency} : null})
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
