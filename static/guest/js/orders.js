/** The orders that were placed on this device, with the tokens that open them. */

import {recall, remember} from './state.js'

const NAME = 'orders'
const KEPT_MAX = 30
const SHOWN_MS = 24 * 60 * 60 * 1000
const OVER = new Set(['completed', 'canceled', 'refunded'])

/** Orders as the server just told them, so that the next page need not wait. */
const fresh = new Map()
export const freshOrder = id => fresh.get(id) ?? null

/** All of them, newest first. */
export const keptOrders = () => recall(NAME, [])

export const keptOrder = id => keptOrders().find(order => order.id === id) ?? null

/** Those that still need the guest's attention. */
export function openOrders() {
  const since = Date.now() - SHOWN_MS
  return keptOrders().filter(order => !OVER.has(order.status) && order.at > since)
}

export const orderUrl = ({id, token}) =>
  `/restaurant/o/${encodeURIComponent(id)}#k=${encodeURIComponent(token)}`

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
    at: Date.now()
  }
  fresh.set(order.id, order)
  save(kept)
  return kept
}

/** Note what became of an order; one that came by its link is kept from now on. */
export function noteOrder(order, token, fields = {}) {
  const old = keptOrder(order.id) ?? {id: order.id, at: Date.parse(order.created_at)}
  const {number, status} = order
  save({...old, token, number, status, ...fields})
}

function save(order) {
  const others = keptOrders().filter(({id}) => id !== order.id)
  const all = [order, ...others].sort((a, b) => b.at - a.at)
  remember(NAME, all.slice(0, KEPT_MAX))
}
