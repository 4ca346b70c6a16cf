/** The cart: what is ordered, what it costs in fiat and satoshi, and "Order". */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {online} from './api.js'
import {groupsOf, NAME_MAX, NOTE_MAX, priceOf, QUANTITY_MAX, troubleOf} from './cart.js'
import {errorWords, lineTroubleIn} from './errors.js'
import {localeNow, rich, t} from './i18n.js'
import {money, sats} from './money.js'
import {RefundTo} from './refund_to.js'
import {observable, openLayer, useValue} from './state.js'
import {TipPicker} from './tip.js'
import {QuoteClock, Totals} from './totals.js'
import {Amount, Icon, Notice, placeWords, Sheet, Spinner, Stepper} from './ui.js'
import {usePlacing} from './use_placing.js'
import {methodsTaken} from './ways.js'

const NO_QUOTE = observable({
  part: '',
  quote: null,
  error: null,
  busy: true,
  change: null
})

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
        <${Messages} ...${view} placing=${placing} wasRepriced=${wasRepriced} />
        <ul class="lines-list">
          ${value.lines.map(
            (line, index) => html`
              <${Line}
                key=${line.id}
                ...${view}
                line=${line}
                trouble=${troubles[index]}
              />
            `
          )}
        </ul>
        <${Fields} cart=${cart} value=${value} />
        <${TipPicker} ...${view} />
        <${Method} ...${view} />
        <${RefundTo} error=${placing.error} />
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

/** Whether the server priced a line otherwise than our menu, which then is renewed. */
function useRepricing({cart, items, reload}, quote) {
  const [wasRepriced, setRepriced] = useState(false)
  useEffect(() => {
    const {lines} = cart.get()
    if (!quote || quote.lines.length !== lines.length) return
    const isNew = lines.some((line, index) => {
      const item = items.get(line.item)
      const said = quote.lines[index]
      return item && said.menu_item_id === item.id && said.price !== item.price
    })
    if (!isNew) return
    setRepriced(true)
    reload()
  }, [quote])
  return wasRepriced
}

/** A refused cart makes us look at the menu anew; a new menu asks for a new quote. */
function useFreshMenu({menu, quoter, reload}, error) {
  const isRefused = error?.status === 409 || error?.status === 422
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

function Messages({quoting, placing, restaurant, troubles, wasRepriced}) {
  const {change} = quoting
  const error = placing.error ?? quoting.error
  const isToldElsewhere =
    error?.status === 0 ||
    error?.facts?.field === 'refund_to' ||
    (lineTroubleIn(error) && troubles.some(Boolean)) ||
    (error?.code === 'restaurant.closed' && !restaurant.is_open)
  return html`
    ${
      !restaurant.is_open &&
      html`<${Notice} kind="warn" title=${t('closed.title')}>${t('closed.text')}<//>`
    }
    ${change && html`<${Notice} kind="warn" role="alert">${changeWords(change)}<//>`}
    ${wasRepriced && html`<${Notice} kind="warn">${t('cart.repriced')}<//>`}
    ${
      error &&
      !isToldElsewhere &&
      html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`
    }
  `
}

/** "The exchange rate moved: 27,010 sat instead of 26,968 sat." */
function changeWords({before, after, isPrice}) {
  const shown = quote => {
    const fiat = money(quote.total, quote.currency)
    const words = isPrice && quote.currency !== 'sat' ? fiat : sats(quote.total_msat)
    return html`<${Amount}>${words}<//>`
  }
  const key = isPrice ? 'cart.price_changed' : 'cart.rate_changed'
  return rich(key, {now: shown(after), before: shown(before)})
}

function Line({line, trouble, cart, items}) {
  const item = items.get(line.item)
  const name = item?.name ?? line.name ?? t('line.unknown')
  const edit = () => openLayer({name: 'item', id: line.item, line: line.id})
  const chosen = choicesOf(item, line)
  return html`
    <li class=${trouble ? 'line troubled' : 'line'}>
      <div class="grow">
        <h3>
          ${item ? html`<button type="button" class="line-open" onClick=${edit}>${name}</button>` : name}
        </h3>
        ${chosen.length > 0 && html`<p class="line-choices">${chosen.join(', ')}</p>`}
        ${line.note && html`<p class="line-note"><${Icon} name="note" /> ${line.note}</p>`}
        ${
          item &&
          html`<p class="line-price">
            <${Amount}
              >${money(priceOf(item, line.modifiers, line.quantity), item.currency)}<//
            >
          </p>`
        }
        ${trouble && html`<p class="fault" role="alert">${t(trouble.key, trouble)}</p>`}
      </div>
      <${Stepper}
        name=${name}
        value=${line.quantity}
        max=${item?.left ?? QUANTITY_MAX}
        onChange=${quantity => cart.count(line.id, quantity)}
      />
    </li>
  `
}

/** The names of what was chosen, in the order of the item's sheet. */
function choicesOf(item, {modifiers}) {
  const chosen = new Map(modifiers.map(({id, quantity}) => [id, quantity]))
  return groupsOf(item ?? {modifier_groups: []})
    .flatMap(group => group.modifiers)
    .filter(({id}) => chosen.has(id))
    .map(({id, name}) => (chosen.get(id) > 1 ? `${chosen.get(id)} × ${name}` : name))
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

function Foot(view) {
  const {value, quoting, quote, quoter, placing} = view
  const isOnline = useValue(online)
  const reason = reasonAgainst({...view, isOnline})
  const total = quote && html`<${Amount}>${money(quote.total, quote.currency)}<//>`
  const words = orderWords(value, quote)
  return html`
    <div class="grow">
      ${quote && html`<${QuoteClock} quoter=${quoter} quote=${quote} />`}
      <button
        type="button"
        class="primary wide"
        aria-disabled=${reason ? 'true' : null}
        onClick=${() => !reason && placing.send()}
      >
        <span>${reason ?? rich(words, {amount: total})}</span>
      </button>
    </div>
  `
}

function orderWords({method}, quote) {
  if (quote?.total_msat === 0) return 'cart.order_free'
  return method === 'cash' ? 'cart.order_cash' : 'cart.order'
}

/** Why the cart cannot be ordered right now, in a few words; null when it can. */
function reasonAgainst({isOnline, restaurant, methods, troubles, quoting, quote}) {
  if (!isOnline) return t('cart.offline')
  if (!restaurant.is_open) return t('closed.title')
  if (!methods.length) return t('cart.no_method')
  if (troubles.some(Boolean)) return t('cart.troubled')
  if (quoting.error?.code === 'rate.unavailable') return t('cart.no_rate')
  if (quoting.error && quoting.error.status !== 0) return t('cart.not_now')
  if (!quote) return t('cart.counting')
  return null
}
