/** The cart: what is ordered, what it costs in fiat and satoshi, and "Order". */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {now} from './api.js'
import {NAME_MAX, NOTE_MAX} from './cart.js'
import {CartFoot} from './cart_foot.js'
import {CartLines, troublesOf} from './cart_lines.js'
import {delivery} from './delivery.js'
import {isOfCode, isOfTime} from './errors.js'
import {localeNow, momentWords, t} from './i18n.js'
import {openingOf, openingWords, takesLater} from './offered.js'
import {RefundTo} from './refund_to.js'
import {observable, openLayer, useValue} from './state.js'
import {TipPicker} from './tip.js'
import {Totals} from './totals.js'
import {
  Icon,
  Notice,
  PLACE_ICONS,
  placeWords,
  Sheet,
  Spinner,
  view as viewOf
} from './ui.js'
import {usePlacing} from './use_placing.js'
import {methodsTaken} from './ways.js'

const NO_QUOTE = observable({
  part: '',
  quote: null,
  error: null,
  busy: true,
  change: null
})

const Codes = viewOf('./codes.js', 'Codes')
const Covers = viewOf('./covers.js', 'Covers')

export function CartSheet(shop) {
  const {cart, quoter} = shop
  const value = useValue(cart)
  const quoting = useValue(quoter?.state ?? NO_QUOTE)
  const placing = usePlacing(shop)
  useEffect(() => {
    import('./order_page.js').catch(() => {})
  }, [])
  useEffect(() => quoter?.ensure(), [quoter])
  const methods = useMethod(shop, value)
  const wasRepriced = useRepricing(shop, quoting.quote)
  useFreshMenu(shop, quoting.error)
  if (placing.isSending) return html`<${OnItsWay} placing=${placing} />`
  if (!value.lines.length) return html`<${Empty} />`
  const error = quoting.error ?? placing.error
  const troubles = troublesOf(value, shop.items, error, shop.restaurant.timezone)
  const quote = quoter?.current ?? null
  const isTab = value.method === 'tab' // its tip is given, and its money sent, at the end
  const view = {...shop, value, quoting, quote, troubles, methods}
  return html`
    <${Sheet}
      wide
      label=${t('cart.title')}
      footer=${html`<${CartFoot} ...${view} placing=${placing} />`}
    >
      <div class="sheet-body">
        <h2 class="sheet-title">${t('cart.title')}</h2>
        <${Aim} ...${view} />
        <${Messages} ...${view} wasRepriced=${wasRepriced} />
        <${CartLines} ...${view} />
        <${Fields} cart=${cart} value=${value} />
        ${asksForCovers(shop.restaurant, value) && html`<${Covers} ...${view} />`}
        ${!isTab && html`<${TipPicker} ...${view} />`}
        <${Method} ...${view} />
        ${!isTab && html`<${RefundTo} error=${placing.error} />`}
        <${Codes} ...${view} error=${placing.error ?? quoting.error} />
        <${Totals} ...${view} />
      </div>
    <//>
  `
}

/** How many they are is asked at a table, where a charge depends on it. */
const asksForCovers = ({charges}, {place: {type}}) =>
  type === 'dine_in' &&
  charges.some(
    ({from_covers: from, order_types: types}) =>
      from && (!types.length || types.includes(type))
  )

/** Whether the server priced a line otherwise than our menu, which then is renewed. */
function useRepricing({items, reload, isMenuOfPlace}, quote) {
  const [wasRepriced, setRepriced] = useState(false)
  useEffect(() => {
    if (!quote || !isMenuOfPlace) return
    const isNew = quote.lines.some(said => {
      const item = items.get(said.menu_item_id)
      return item && said.price !== item.price
    })
    if (!isNew) return
    setRepriced(true)
    reload()
  }, [quote])
  return wasRepriced
}

/** A refused cart makes us look at the menu anew; a new menu asks for a new quote. */
function useFreshMenu({menu, quoter, reload}, error) {
  const isElse = ['order.minimum', 'delivery.address', 'restaurant.closed']
  const isAboutMenu =
    !isOfCode(error) && !isOfTime(error) && !isElse.includes(error?.code)
  const isRefused = isAboutMenu && [409, 422].includes(error?.status)
  useEffect(() => {
    if (isRefused) reload()
  }, [error])
  useEffect(() => {
    if (isRefused) quoter.refresh()
  }, [menu.version])
}

const Empty = () => html`
  <${Sheet} wide label=${t('cart.title')}>
    <div class="sheet-body">
      <h2 class="sheet-title">${t('cart.title')}</h2>
      <p class="empty">${t('cart.empty')}</p>
    </div>
  <//>
`

const OnItsWay = ({placing}) => html`
  <${Sheet} wide label=${t('placing.title')}>
    <div class="sheet-body big-message" role="status">
      <${Spinner} label=${t('placing.title')} />
      <h2>${t('placing.title')}</h2>
      <p>${t(placing.isUnsure ? 'placing.unsure' : 'placing.text')}</p>
      ${
        placing.isUnsure &&
        html`<button type="button" class="primary" onClick=${placing.again}>
          ${t('retry')}
        </button>`
      }
    </div>
  <//>
`

/** Where to and for when, each a tap from being changed. */
function Aim({value: {place, when}, restaurant: {timezone}}) {
  const {address} = useValue(delivery)
  const isTo = place.type === 'delivery' && address.trim()
  return html`
    <button
      type="button"
      class="chip place"
      onClick=${() => openLayer({name: 'place'})}
    >
      <${Icon} name=${PLACE_ICONS[place.type]} />
      <span class="aim">
        ${placeWords(place)}${when && html` · ${momentWords(when, timezone)}`}
        ${isTo && html`<small><bdi>${address.trim()}</bdi></small>`}
      </span>
      <small>${t('change')}</small>
    </button>
  `
}

function Messages({quoting, wasRepriced, ...shop}) {
  const opening = openingOf(shop)
  const title = openingWords(opening, shop.restaurant.timezone, now())
  return html`
    ${
      !opening.is_open &&
      !shop.value.when &&
      html`<${Notice} kind="warn" title=${title}>
        ${t(takesLater(opening) ? 'closed.later' : 'closed.text')}
      <//>`
    }
    ${
      wasRepriced &&
      !quoting.change &&
      html`<${Notice} kind="warn">${t('cart.repriced')}<//>`
    }
  `
}

const Fields = ({cart, value}) => html`
  <div class="fields">
    <label class="field">
      <span>${t('cart.name')}</span>
      <input
        value=${value.name}
        maxlength=${NAME_MAX}
        autocomplete="given-name"
        onInput=${event => cart.update({name: event.target.value})}
      />
    </label>
    <label class="field">
      <span>${t('cart.note')}</span>
      <textarea
        rows="2"
        maxlength=${NOTE_MAX}
        value=${value.note}
        onInput=${event => cart.update({note: event.target.value})}
      ></textarea>
    </label>
  </div>
`

/**
 * How this cart may be ordered: to be paid on the next page, by any way, at the end, or
 * for cash. The latter two are only for tables whose code proves them, where the
 * restaurant allows it.
 */
function methodsFor({place}, restaurant) {
  const taken = methodsTaken(restaurant, place.type, restaurant.currency)
  const isKnownTable = place.type === 'dine_in' && place.token
  const mayPayCash = taken.includes('cash') && restaurant.cash_at_table && isKnownTable
  const mayPayLater = taken.length && restaurant.tabs_at_table && isKnownTable
  const usual = taken.find(method => method !== 'cash')
  return [usual, mayPayLater && 'tab', mayPayCash && 'cash'].filter(Boolean)
}

/** A cart that was left for another way of paying takes one that there is. */
function useMethod({cart, restaurant}, value) {
  const methods = methodsFor(value, restaurant)
  useEffect(() => {
    if (methods.length && !methods.includes(value.method))
      cart.update({method: methods[0]})
  }, [methods.join(), value.method])
  return methods
}

/** "Lightning, card or gift card" */
function wayWords(value, restaurant) {
  const taken = methodsTaken(restaurant, value.place.type, restaurant.currency)
  const names = taken
    .filter(method => method !== 'cash')
    .map(method => t(`way.${method}`))
  return new Intl.ListFormat(localeNow(), {type: 'disjunction'}).format(names)
}

function Method({cart, value, restaurant, methods}) {
  if (methods.length < 2) return null
  const usual = methods.find(method => method !== 'cash' && method !== 'tab')
  return html`
    <fieldset class="group">
      <legend><span class="group-name">${t('method.title')}</span></legend>
      ${methods.map(
        method => html`
          <div class="choice">
            <label>
              <input
                type="radio"
                name="method"
                checked=${value.method === method}
                onChange=${() => cart.update({method})}
              />
              <span class="grow">
                ${method === usual ? wayWords(value, restaurant) : t(`method.${method}`)}
                ${method === 'tab' && html`<small>${t('method.tab_about')}</small>`}
              </span>
            </label>
          </div>
        `
      )}
    </fieldset>
  `
}
