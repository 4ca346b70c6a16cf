/** The orders that were placed on this device, with the tokens that open them. */

import {times} from './i18n.js'
import {recall, remember} from './state.js'

const NAME = 'orders'
const KEPT_MAX = 30
const SHOWN_MS = 24 * 60 * 60 * 1000
const OVER = new Set(['completed', 'canceled', 'refunded'])
const MONEY_SHOWN_MS = 30 * SHOWN_MS
const ON_ITS_WAY = new Set(['requested', 'approved', 'sending'])

/** Orders as the server just told them, so that the next page need not wait. */
const fresh = new Map()
export const freshOrder = id => fresh.get(id) ?? null

/** Restaurants as the menu knew them, by id, for the same reason. */
const shops = new Map()
export const freshRestaurant = id => shops.get(id) ?? null

/** All of them, newest first. */
export const keptOrders = () => recall(NAME, [])

export const keptOrder = id => keptOrders().find(order => order.id === id) ?? null

/** Those that still need the guest's attention: food, or money that goes back. */
export function openOrders() {
  const at = Date.now()
  const needs = order =>
    order.hasMoney
      ? order.at > at - MONEY_SHOWN_MS
      : !OVER.has(order.status) && order.at > at - SHOWN_MS
  return keptOrders().filter(needs)
}

export const orderUrl = ({id, token}) =>
  `/restaurant/o/${encodeURIComponent(id)}#k=${encodeURIComponent(token)}`

/** To look at, to print and to keep. */
export const receiptUrl = ({id, token}) =>
  `/restaurant/r/${encodeURIComponent(id)}#k=${encodeURIComponent(token)}`

export const menuUrl = (slug, place) => {
  const table = place?.type === 'dine_in' && place.table
  const said = new URLSearchParams(place?.token ? {t: place.token} : {})
  if (table) said.set('table', table)
  return `/restaurant/m/${encodeURIComponent(slug)}${table ? `#${said}` : ''}`
}

/** Keep a new order. */
export function keepOrder({order, order_token, invoice}, restaurant, place) {
  const kept = {
    id: order.id,
    token: order_token,
    number: order.number,
    status: order.status,
    slug: restaurant.slug,
    restaurant: restaurant.name,
    place,
    invoice,
    seen: faceOf(order),
    rounds: roundsOf(order, []),
    at: Date.now()
  }
  fresh.set(order.id, order)
  shops.set(restaurant.id, restaurant)
  save(kept)
  return kept
}

/** Note what became of an order; one that came by its link is kept from now on. */
export function noteOrder(order, token, fields = {}) {
  const old = keptOrder(order.id) ?? {id: order.id, at: Date.parse(order.created_at)}
  const {number, status, refunds, owed_msat: owed} = order
  const hasMoney = owed > 0 || refunds.some(refund => ON_ITS_WAY.has(refund.status))
  const seen = old.seen ?? faceOf(order)
  const rounds = roundsOf(order, old.rounds ?? [])
  save({...old, token, number, status, hasMoney, seen, rounds, ...fields})
}

/** The ids of a tab's lines by the rounds in which they came. */
function roundsOf({is_tab: isTab, items}, known) {
  if (!isTab) return undefined
  const old = new Set(known.flat())
  const ids = items.map(({id}) => id).filter(id => !old.has(id))
  return ids.length ? [...known, ids] : known
}

/** What a guest knows an order by, to tell what the staff changed in it. */
export function faceOf({revision, total, table, items}) {
  const lines = {}
  for (const {name, quantity, modifiers} of items) {
    const chosen = modifiers.map(m => times(m.quantity, m.name)).join(', ')
    const words = chosen ? `${name} (${chosen})` : name
    lines[words] = (lines[words] ?? 0) + quantity
  }
  return {revision, total, table, lines}
}

function save(order) {
  const others = keptOrders().filter(({id}) => id !== order.id)
  const all = [order, ...others].sort((a, b) => b.at - a.at)
  remember(NAME, all.slice(0, KEPT_MAX))
}
