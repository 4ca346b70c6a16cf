/** How many they are: what a charge for larger parties goes by. */

import {html} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {money, percentText} from './money.js'

const MOST = 40
const NUMBERS = Array.from({length: MOST}, (_, index) => index + 1)

export function Covers({cart, value, restaurant}) {
  const rules = restaurant.charges.filter(
    ({from_covers: from, order_types: types}) =>
      from && (!types.length || types.includes('dine_in'))
  )
  const onChange = event => cart.update({covers: Number(event.target.value) || null})
  return html`
    <div class="field covers">
      <label for="covers">${t('covers.title')}</label>
      <select
        id="covers"
        aria-describedby="covers-about"
        value=${value.covers ?? ''}
        onChange=${onChange}
      >
        <option value="" selected=${!value.covers}>–</option>
        ${NUMBERS.map(n => html`<option value=${n} selected=${n === value.covers}>${n}</option>`)}
      </select>
      <small id="covers-about" class="about">
        ${rules.map(rule => ruleWords(rule, restaurant)).join(' ')}
      </small>
    </div>
  `
}

/** "6 guests or more: Service 10 %." */
function ruleWords({name, percent, amount, from_covers: n}, {currency}) {
  const sum = percent ? percentText(percent) : money(String(amount), currency)
  return t('covers.rule', {n, name, sum})
}
