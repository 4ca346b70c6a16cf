/** What may be ordered now, when the rest can be, and when the restaurant is open. */

import {now} from './api.js'
import {clock, momentWords, t} from './i18n.js'

const SOON_MS = 90 * 60 * 1000
const A_DAY_MS = 24 * 60 * 60 * 1000

/** Every item and set menu of a menu by its id. */
export function itemsOf({categories, combos = []}) {
  const items = categories.flatMap(category => category.items)
  return new Map([...items, ...combos].map(each => [each.id, each]))
}

export const needsChoice = item => item.modifier_groups.some(group => group.min > 0)

// --- single items ------------------------------------------------------------------------

/**
 * Why an item is not to be had for this cart: `{key, time?}` with the key's last part
 * `sold_out`, `later` (with when it comes back) or `type`; null when it is.
 */
export function whyNot(item, {place, when}, timezone) {
  const types = item.order_types ?? []
  if (types.length && !types.includes(place.type)) return {key: 'type'}
  if (item.is_available) return null
  const again = item.available_again_at
  if (!again) return {key: 'sold_out'}
  if (when && Date.parse(when) >= Date.parse(again)) return null
  return {key: 'later', time: momentWords(again, timezone)}
}

/** The same in a few words, for a tag: "from 17:00", "sold out", "not for delivery". */
export function whyNotWords({key, time}, {place}) {
  if (key === 'later') return t('item.from', {time})
  return t(key === 'type' ? `item.not_for.${place.type}` : 'sold_out')
}

/** Why an item or set menu cannot go into the cart: `{text}`, or null. */
export function refusalOf(ware, shop) {
  const {restaurant, aim} = shop
  const opening = openingOf(shop)
  if (!opening.is_open && !takesLater(opening))
    return {text: openingWords(opening, restaurant.timezone, now())}
  const why = whyNot(ware, aim, restaurant.timezone)
  return why && {text: whyNotWords(why, aim)}
}

// --- the restaurant ------------------------------------------------------------------------

/** Whether orders are taken, as the server just said it. */
export const openingOf = ({restaurant, menu}) => menu?.opening ?? restaurant.opening

/** Whether a guest may order for a later time, although nothing is taken for now. */
export const takesLater = ({reason, opens_at: opens, resumes_at: resumes}) =>
  reason !== 'switched_off' && Boolean(opens ?? resumes)

/** Whether anything can be put into the cart. */
export function takesOrders(shop) {
  const opening = openingOf(shop)
  return opening.is_open || takesLater(opening)
}

/** The line below the restaurant's name: "Open until 22:00", "Paused until 18:30: …". */
export function openingWords(opening, timezone, at) {
  const {is_open: isOpen, name} = opening
  const words = (isOpen ? openWords : closedWords)(opening, timezone, at)
  return name && opening.reason !== 'paused' ? `${name}: ${words}` : words
}

function openWords({closes_at: closes, last_order_at: last}, timezone, at) {
  if (!closes || Date.parse(closes) - at > A_DAY_MS) return t('open')
  if (last && last !== closes && Date.parse(last) - at < SOON_MS)
    return t('open.last', {time: clock(last, timezone)})
  return t('open.until', {time: clock(closes, timezone)})
}

function closedWords(opening, timezone) {
  const {reason, opens_at: opens, resumes_at: resumes, pause_reason: why} = opening
  if (reason === 'paused') {
    const time = resumes && momentWords(resumes, timezone)
    const words = t(time ? 'paused.until' : 'paused', {time})
    return why ? t('paused.why', {words, why}) : words
  }
  if (!opens || reason === 'switched_off') return t('closed')
  const time = momentWords(opens, timezone)
  return t(reason === 'last_orders' ? 'closed.last' : 'closed.opens', {time})
}

/** When the clock alone changes what is said, in milliseconds from `at`; else null. */
export function nextTurn(opening, at) {
  const {opens_at, closes_at, last_order_at, resumes_at} = opening
  const turns = [opens_at, closes_at, last_order_at, resumes_at]
    .map(moment => Date.parse(moment ?? '') - at)
    .filter(ms => ms > 0 && ms < A_DAY_MS)
  return turns.length ? Math.min(...turns) : null
}
