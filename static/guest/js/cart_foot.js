/** The cart's foot: what is in the way, then the button, both where the thumb is. */

import {html} from '../../vendor/htm-preact.js'
import {now, online} from './api.js'
import {delivery} from './delivery.js'
import {errorWords, isOfCode, isOfTime, lineTroubleIn} from './errors.js'
import {clock, momentWords, rich, t} from './i18n.js'
import {money} from './money.js'
import {openingOf, openingWords, takesLater} from './offered.js'
import {readyWords} from './ready.js'
import {openLayer, useValue} from './state.js'
import {QuoteClock} from './totals.js'
import {Amount, Icon, lazy, Notice, view as viewOf} from './ui.js'

const Changes = lazy(() => import('./changes.js').then(module => module.Changes))
const OtherTimes = viewOf('./other_times.js', 'OtherTimes')

export function CartFoot(view) {
  const {value, quoting, quote, quoter, placing} = view
  const isOnline = useValue(online)
  const reason = reasonAgainst({...view, isOnline, target: useValue(delivery)})
  const total = quote && html`<${Amount}>${money(quote.total, quote.currency)}<//>`
  const onTap = () => {
    if (!reason) placing.send()
    else if (reason.open) openLayer({name: reason.open})
    else document.getElementById(reason.show)?.scrollIntoView({block: 'center'})
  }
  return html`
    <div class="grow">
      <div class="foot-news">
        ${quoting.change && html`<${Changes} change=${quoting.change} />`}
        <${Trouble} ...${view} />
      </div>
      ${quote && !reason && html`<${ReadyAt} ...${view} />`}
      ${quote && html`<${QuoteClock} quoter=${quoter} quote=${quote} />`}
      <button
        type="button"
        class="primary wide"
        aria-disabled=${reason && !reason.open ? 'true' : null}
        onClick=${onTap}
      >
        <span>${reason?.text ?? rich(orderWords(value, quote), {amount: total})}</span>
      </button>
    </div>
  `
}

/** "Ready in about 25 min (18:40)", before anything is paid. */
function ReadyAt({value: {when, place}, quote, restaurant: {timezone}}) {
  const words = readyWords({...quote, pickup_at: when}, place.type, timezone)
  return words && html`<p class="ready-at"><${Icon} name="clock" /> ${words}</p>`
}

/** What the server said against the cart, unless its place says it already. */
function Trouble(view) {
  const {quoting, placing, restaurant, troubles} = view
  const error = placing.error ?? quoting.error
  if (!error) return null
  if (error.code === 'order.minimum')
    return html`<p class="quote-clock">${minimumWords('cart.minimum', error)}</p>`
  if (isOfTime(error)) return html`<${OtherTimes} ...${view} error=${error} />`
  const isToldElsewhere =
    error.status === 0 ||
    isOfCode(error) ||
    (error.facts?.quote && quoting.change) ||
    error.facts?.field === 'refund_to' ||
    error.code === 'delivery.address' ||
    (lineTroubleIn(error, restaurant.timezone) && troubles.some(Boolean)) ||
    isClosed(error)
  if (isToldElsewhere) return null
  return html`<${Notice} kind="bad" role="alert">${errorWords(error, restaurant)}<//>`
}

/** The sums of a minimum order in a sentence. */
const minimumWords = (key, {facts: {minimum, missing, currency}}) =>
  t(key, {minimum: money(minimum, currency), missing: money(missing, currency)})

function orderWords({method}, quote) {
  if (method === 'tab') return 'cart.order_tab'
  if (quote?.total_msat === 0) return 'cart.order_free'
  return method === 'cash' ? 'cart.order_cash' : 'cart.order'
}

/**
 * Why the cart cannot be ordered right now: `{text, show, open}`, in a few words, and
 * the id of where it is put right, or the sheet; null when it can.
 */
function reasonAgainst(view) {
  const {isOnline, methods, troubles, quoting, placing, quote} = view
  const {error} = quoting
  if (!isOnline) return {text: t('cart.offline')}
  const closed = closedReason(view)
  if (closed) return closed
  if (!methods.length) return {text: t('cart.no_method')}
  if (troubles.some(Boolean)) return {text: t('cart.troubled')}
  if (lacksAddress(view)) return {text: t('cart.no_address'), open: 'place'}
  if (error?.code === 'rate.unavailable') return {text: t('cart.no_rate')}
  if (error?.code === 'order.minimum')
    return {text: minimumWords('cart.missing', error)}
  if (isOfTime(placing.error ?? error))
    return {text: t('cart.another_time'), open: 'place'}
  if (isOfCode(placing.error ?? error))
    return {text: t('cart.check_code'), show: 'codes'}
  if (error && error.status !== 0) return {text: t('cart.not_now')}
  return quote ? null : {text: t('cart.counting')}
}

/** Closed for now: another time where there are any, else when it opens. */
function closedReason(view) {
  const {value, restaurant, quoting, placing} = view
  const error = placing.error ?? quoting.error
  const opening = openingFor(openingOf(view), error)
  if (opening.is_open || (value.when && !isClosed(error) && takesLater(opening)))
    return null
  if (takesLater(opening) && value.place.type !== 'dine_in')
    return {text: t('cart.choose_time'), open: 'place'}
  return {text: openingWords(opening, restaurant.timezone, now())}
}

const isClosed = error => error?.code === 'restaurant.closed'

/** Some hours are for some kinds of order only: the refusal knows better. */
const openingFor = (opening, error) =>
  opening.is_open && isClosed(error)
    ? {...opening, is_open: false, ...error.facts}
    : opening

const lacksAddress = ({value: {place}, target: {address, phone}}) =>
  place.type === 'delivery' && !(address.trim() && phone.trim())
