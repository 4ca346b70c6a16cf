/** The way to the cart: what is in it, what it comes to, whether something ails it. */

import {html} from '../../vendor/htm-preact.js'
import {countOf} from './cart.js'
import {estimate, troubleOf} from './choices.js'
import {t} from './i18n.js'
import {decimalsIn, fromMinor, money, sats, toMinor} from './money.js'
import {openLayer, useValue} from './state.js'
import {Amount, Icon, placeWords} from './ui.js'

export function CartBar({cart, items, quoter, restaurant, tab}) {
  const value = useValue(cart)
  const count = countOf(value)
  const guess = estimate(value, items)
  const troubled = value.lines.filter(line =>
    troubleOf(line, value, items, restaurant.timezone)
  ).length
  return html`
    <div class="cart-bar">
      <button
        type="button"
        class="primary wide"
        onClick=${() => openLayer({name: 'cart'})}
      >
        <span class="count">${troubled ? html`<${Icon} name="alert" />` : count}</span>
        <span class="grow">
          ${t('cart.view')}
          <small role="status">
            ${troubled ? t('cart.bar_troubled', {n: troubled}) : placeWords(value.place)}
          </small>
        </span>
        <span class="sums">
          ${
            quoter && !tab && !troubled
              ? html`<${QuotedSums} quoter=${quoter} guess=${guess} />`
              : guess && html`<${Amount}>${money(guess.price, guess.currency)}<//>`
          }
        </span>
      </button>
    </div>
  `
}

/** Without the tip; by the menu's prices until the server has said what it comes to. */
function QuotedSums({quoter, guess}) {
  const {quote} = useValue(quoter.state)
  if (!quote || quoter.current !== quote) {
    return html`
      ${guess && html`<${Amount}>${money(guess.price, guess.currency)}<//>`}
      <small> </small>
    `
  }
  const {amounts, currency, total} = quote
  const sum = fromMinor(toMinor(total) - toMinor(amounts.tip), decimalsIn(total))
  return html`
    <${Amount}>${money(sum, currency)}<//>
    ${
      currency !== 'sat' &&
      html`<small><${Amount}>${sats(quote.total_msat - quote.tip_msat)}<//></small>`
    }
  `
}
