/** The cart: what is ordered, what it costs in fiat and satoshi, and "Order". */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {online} from './api.js'
import {NAME_MAX, NOTE_MAX, QUANTITY_MAX} from './cart.js'
import {namesOf, partsOf, priceOf, troubleOf, wareOf} from './choices.js'
import {errorWords, isOfCode, lineTroubleIn} from './errors.js'
import {localeNow, rich, t} from './i18n.js'
import {decimalsIn, fromMinor, money, toMinor} from './money.js'
import {RefundTo} from './refund_to.js'
import {observable, openLayer, useValue} from './state.js'
import {TipPicker} from './tip.js'
import {QuoteClock, Totals} from './totals.js'
import {Amount, Icon, lazy, Notice, placeWords, Sheet, Spinner, Stepper} from './ui.js'
import {usePlacing} from './use_placing.js'
import {methodsTaken} from './ways.js'

const NO_QUOTE = observable({
  part: '',
  quote: null,
  error: null,
  busy: true,
  change: null
})

const Codes = lazy(() => import('./codes.js').then(module => module.Codes))
const Changes = lazy(() => import('./changes.js').then(module => module.Changes))
const Covers = lazy(() => import('./covers.js').then(module => module.Covers))

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
  const troubles = troublesOf(value, shop.items, quoting.error ?? placing.error)
  const quote = quoter?.current ?? null
  const view = {...shop, value, quoting, quote, troubles, methods}
  return html`
    <${Sheet}
      wide
      label=${t('cart.title')}
      footer=${html`<${Foot} ...${view} placing=${placing} />`}
    >
      <div class="sheet-body">
        <h2 class="sheet-title">${t('cart.title')}</h2>
        <${Place} place=${value.place} />
        <${Messages} ...${view} wasRepriced=${wasRepriced} />
        <ul class="lines-list">
          ${value.lines.map(
            (line, index) => html`
              <${Line}
                key=${line.id}
                ...${view}
                line=${line}
                index=${index}
                trouble=${troubles[index]}
              />
            `
          )}
        </ul>
        <${Fields} cart=${cart} value=${value} />
        ${asksForCovers(shop.restaurant, value) && html`<${Covers} ...${view} />`}
        <${TipPicker} ...${view} />
        <${Method} ...${view} />
        <${RefundTo} error=${placing.error} />
        <${Codes} ...${view} error=${placing.error ?? quoting.error} />
        <${Totals} ...${view} />
      </div>
    <//>
  `
}

/** What ails each line: by the menu that we see, else by what the server said. */
function troublesOf(value, items, error) {
  const said = lineTroubleIn(error)
  return value.lines.map(
    (line, index) =>
      troubleOf(line, value, items) ?? (said?.line === index ? said : null)
  )
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
  const isAboutMenu = !isOfCode(error) && error?.code !== 'order.minimum'
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

function Place({place}) {
  return html`
    <button
      type="button"
      class="chip place"
      onClick=${() => openLayer({name: 'place'})}
    >
      <${Icon} name=${place.type === 'dine_in' ? 'table' : 'bag'} />
      <span>${placeWords(place)}</span>
      <small>${t('change')}</small>
    </button>
  `
}

const Messages = ({restaurant, quoting, wasRepriced}) => html`
  ${
    !restaurant.is_open &&
    html`<${Notice} kind="warn" title=${t('closed.title')}>${t('closed.text')}<//>`
  }
  ${
    wasRepriced &&
    !quoting.change &&
    html`<${Notice} kind="warn">${t('cart.repriced')}<//>`
  }
`

function Line({line, index, trouble, cart, items, quote}) {
  const ware = wareOf(line, items)
  const name = ware?.name ?? line.name ?? t('line.unknown')
  const kind = line.combo ? 'combo' : 'item'
  const edit = () => openLayer({name: kind, id: ware.id, line: line.id})
  return html`
    <li class=${trouble ? 'line troubled' : 'line'}>
      <div class="grow">
        <h3>
          ${ware ? html`<button type="button" class="line-open" onClick=${edit}>${name}</button>` : name}
        </h3>
        <${Chosen} ware=${ware} line=${line} items=${items} />
        ${line.note && html`<p class="line-note"><${Icon} name="note" /> ${line.note}</p>`}
        ${
          ware &&
          html`<p class="line-price">
            <${Amount}>${money(priceOf(ware, line, items), ware.currency)}<//>
          </p>`
        }
        <${LineDiscounts} quote=${quote} index=${index} />
        ${trouble && html`<p class="fault" role="alert">${t(trouble.key, trouble)}</p>`}
      </div>
      <${Stepper}
        name=${name}
        value=${line.quantity}
        max=${ware?.left ?? QUANTITY_MAX}
        onChange=${quantity => cart.count(line.id, quantity)}
      />
    </li>
  `
}

/** What was chosen of an item, in one line; what is in a set menu, one by one. */
function Chosen({ware, line, items}) {
  if (!ware) return null
  if (line.combo)
    return html`<ul class="line-choices">
      ${partsOf(ware, line.choices, items).map(part => html`<li>${part}</li>`)}
    </ul>`
  const names = namesOf(ware, line.modifiers)
  return names.length > 0 && html`<p class="line-choices">${names.join(', ')}</p>`
}

/** What is taken off a line; a set menu's price has its saving in it already. */
function LineDiscounts({quote, index}) {
  if (!quote) return null
  const own = quote.lines.filter(({line}) => line === index)
  const sums = new Map()
  for (const {name, kind, amount} of own.flatMap(line => line.discounts)) {
    if (kind === 'combo' || kind === 'tax_exempt') continue
    sums.set(name, (sums.get(name) ?? 0n) + toMinor(amount))
  }
  return [...sums].map(([name, minor]) => {
    const off = money(fromMinor(-minor, decimalsIn(quote.total)), quote.currency)
    return html`<p class="line-off">${name} <${Amount}>${off}<//></p>`
  })
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
 * How this cart may be ordered: to be paid on the next page, by any way, or for cash.
 * Cash is only for tables whose code proves them, where the restaurant takes it.
 */
function methodsFor({place}, restaurant) {
  const taken = methodsTaken(restaurant, place.type, restaurant.currency)
  const isKnownTable = place.type === 'dine_in' && place.token
  const mayPayCash = taken.includes('cash') && restaurant.cash_at_table && isKnownTable
  return [taken.find(method => method !== 'cash'), mayPayCash && 'cash'].filter(Boolean)
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
                ${method === 'cash' ? t('method.cash') : wayWords(value, restaurant)}
              </span>
            </label>
          </div>
        `
      )}
    </fieldset>
  `
}

/** What is in the way, then the button: both where the thumb is. */
function Foot(view) {
  const {value, quoting, quote, quoter, placing} = view
  const isOnline = useValue(online)
  const reason = reasonAgainst({...view, isOnline})
  const total = quote && html`<${Amount}>${money(quote.total, quote.currency)}<//>`
  const words = orderWords(value, quote)
  const onTap = () => {
    if (!reason) placing.send()
    else document.getElementById(reason.show)?.scrollIntoView({block: 'center'})
  }
  return html`
    <div class="grow">
      <div class="foot-news">
        ${quoting.change && html`<${Changes} change=${quoting.change} />`}
        <${Trouble} ...${view} />
      </div>
      ${quote && html`<${QuoteClock} quoter=${quoter} quote=${quote} />`}
      <button
        type="button"
        class="primary wide"
        aria-disabled=${reason ? 'true' : null}
        onClick=${onTap}
      >
        <span>${reason?.text ?? rich(words, {amount: total})}</span>
      </button>
    </div>
  `
}

/** What the server said against the cart, unless its place says it already. */
function Trouble({quoting, placing, restaurant, troubles}) {
  const error = placing.error ?? quoting.error
  if (!error) return null
  if (error.code === 'order.minimum')
    return html`<p class="quote-clock">${minimumWords('cart.minimum', error)}</p>`
  const isToldElsewhere =
    error.status === 0 ||
    isOfCode(error) ||
    (error.facts?.quote && quoting.change) ||
    error.facts?.field === 'refund_to' ||
    (lineTroubleIn(error) && troubles.some(Boolean)) ||
    (error.code === 'restaurant.closed' && !restaurant.is_open)
  if (isToldElsewhere) return null
  return html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`
}

/** The sums of a minimum order in a sentence. */
const minimumWords = (key, {facts: {minimum, missing, currency}}) =>
  t(key, {minimum: money(minimum, currency), missing: money(missing, currency)})

function orderWords({method}, quote) {
  if (quote?.total_msat === 0) return 'cart.order_free'
  return method === 'cash' ? 'cart.order_cash' : 'cart.order'
}

/**
 * Why the cart cannot be ordered right now: `{text, show}`, in a few words, and the id
 * of where it is put right; null when it can.
 */
function reasonAgainst(view) {
  const {isOnline, restaurant, methods, troubles, quoting, placing, quote} = view
  const {error} = quoting
  if (!isOnline) return {text: t('cart.offline')}
  if (!restaurant.is_open) return {text: t('closed.title')}
  if (!methods.length) return {text: t('cart.no_method')}
  if (troubles.some(Boolean)) return {text: t('cart.troubled')}
  if (error?.code === 'rate.unavailable') return {text: t('cart.no_rate')}
  if (error?.code === 'order.minimum')
    return {text: minimumWords('cart.missing', error)}
  if (isOfCode(placing.error ?? error))
    return {text: t('cart.check_code'), show: 'codes'}
  if (error && error.status !== 0) return {text: t('cart.not_now')}
  return quote ? null : {text: t('cart.counting')}
}
