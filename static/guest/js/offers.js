/** What the clock takes off right now: in words above the menu, and at the items. */

import {html} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {money} from './money.js'
import {Icon} from './ui.js'

/** The offers that hold for this type of order. */
const offersFor = ({discounts = []}, {type}) =>
  discounts.filter(
    ({order_types: types, percent, amount}) =>
      (percent || amount) && (!types.length || types.includes(type))
  )

/** "Happy hour: 25 % off", one line for each offer. */
export const Offers = ({menu, place}) =>
  offersFor(menu, place).map(
    offer => html`
      <p class="price-list" key=${offer.name}>
        <${Icon} name="clock" />
        ${t('offer.of', {name: offer.name, what: words(offer, menu.currency)})}
      </p>
    `
  )

/** The badges of one item: offers that are not for everything anyway. */
export const OfferTags = ({menu, place, item}) =>
  offersFor(menu, place)
    .filter(({item_ids: ids}) => ids.includes(item.id))
    .map(offer => html`<span class="tag offer">${short(offer, menu.currency)}</span>`)

function words(offer, currency) {
  const what = short(offer, currency)
  if (!offer.minimum) return what
  return `${what}, ${t('offer.minimum', {amount: money(offer.minimum, currency)})}`
}

function short({kind, percent, amount, buy, get}, currency) {
  if (kind === 'amount') return t('offer.amount', {amount: money(amount, currency)})
  if (kind === 'percent') return t('offer.percent', {n: percent})
  const isFree = Number(percent) === 100
  if (kind === 'free_item') return t('offer.free', {n: get})
  return t(isFree ? 'offer.buy_get' : 'offer.buy_get_percent', {buy, get, n: percent})
}
