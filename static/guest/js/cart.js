/** The cart of this device: what is in it, what it would cost, what ails it. */

import {decimalsIn, fromMinor, toMinor} from './money.js'
import {observable, onOtherTab, recall, remember, uuid} from './state.js'

export const QUANTITY_MAX = 999
export const NAME_MAX = 120
export const NOTE_MAX = 500
const FORGET_TABLE_MS = 3 * 60 * 60 * 1000
const EMPTY = {
  lines: [],
  tip: null,
  name: '',
  note: '',
  place: {type: 'pickup', table: '', token: null},
  method: 'lightning',
  touchedAt: 0
}

/** The watched cart of a restaurant; every change is remembered on the device. */
export function cartOf(slug) {
  const name = `cart.${slug}`
  const cart = observable({...EMPTY, ...recall(name)})
  const change = next => {
    cart.set(old => ({...old, ...next(old), touchedAt: Date.now()}))
    remember(name, cart.get())
  }
  onOtherTab(name, () => cart.set({...EMPTY, ...recall(name)}))
  return {
    ...cart,
    /** Change some of its fields. */
    update: fields => change(() => fields),
    /** Add a line; the same item with the same choices only counts up. */
    add: line => change(old => ({lines: withAdded(old.lines, line)})),
    /** Replace a line that the guest edited. */
    replace: (id, line) =>
      change(old => ({
        lines: old.lines.map(was => (was.id === id ? {...line, id} : was))
      })),
    /** Set a line's quantity; zero removes it. */
    count: (id, quantity) =>
      change(old => ({lines: withCount(old.lines, id, quantity)})),
    /** Nothing left of the order; the guest's name and place stay. */
    empty: () => change(() => ({lines: [], tip: null, note: '', method: 'lightning'}))
  }
}

/** Where the guest sits, by the fragment of the address, or as it was known before. */
export function placeFrom(hash, cart) {
  const said = new URLSearchParams(hash.slice(1))
  const table = said.get('table')
  if (table) return {type: 'dine_in', table, token: said.get('t')}
  const isOld = Date.now() - cart.touchedAt > FORGET_TABLE_MS
  return isOld ? EMPTY.place : cart.place
}

function withAdded(lines, line) {
  const twin = lines.find(was => sameChoice(was, line))
  if (!twin) return [...lines, {...line, id: uuid()}]
  return withCount(lines, twin.id, twin.quantity + line.quantity)
}

function withCount(lines, id, quantity) {
  const bounded = Math.min(quantity, QUANTITY_MAX)
  const counted = lines.map(line =>
    line.id === id ? {...line, quantity: bounded} : line
  )
  return counted.filter(line => line.quantity > 0)
}

function sameChoice(one, other) {
  const face = line => {
    const chosen = line.modifiers.map(({id, quantity}) => `${id}×${quantity}`).sort()
    return JSON.stringify([line.item, chosen, line.note])
  }
  return face(one) === face(other)
}

// --- the menu, by ids ------------------------------------------------------------

/** Every item of a menu by its id. */
export function itemsOf(menu) {
  const items = menu.categories.flatMap(category => category.items)
  return new Map(items.map(item => [item.id, item]))
}

/** A group's place in the sheet: what must be chosen comes first. */
export const groupsOf = item =>
  [...item.modifier_groups].sort((a, b) => Number(b.min > 0) - Number(a.min > 0))

export const needsChoice = item => item.modifier_groups.some(group => group.min > 0)

// --- what it costs ----------------------------------------------------------------

/** A line's price text at the menu's prices, for `quantity` of it. */
export function priceOf(item, modifiers, quantity = 1) {
  const decimals = decimalsIn(item.price)
  const deltas = new Map(
    item.modifier_groups.flatMap(group =>
      group.modifiers.map(m => [m.id, m.price_delta])
    )
  )
  const unit = modifiers.reduce(
    (sum, chosen) =>
      sum + toMinor(deltas.get(chosen.id) ?? '0') * BigInt(chosen.quantity),
    toMinor(item.price)
  )
  return fromMinor(unit * BigInt(quantity), decimals)
}

export const countOf = cart => cart.lines.reduce((sum, line) => sum + line.quantity, 0)

/** The cart's sum at the menu's prices, or null when its currencies differ. */
export function estimate(cart, items) {
  let sum = null
  for (const line of cart.lines) {
    const item = items.get(line.item)
    if (!item) continue
    const price = priceOf(item, line.modifiers, line.quantity)
    if (sum && sum.currency !== item.currency) return null
    const before = sum ? toMinor(sum.price) : 0n
    const total = fromMinor(before + toMinor(price), decimalsIn(price))
    sum = {price: total, currency: item.currency}
  }
  return sum
}

// --- what ails it -------------------------------------------------------------------

/** What is wrong with a line by the present menu: `{key, …values}`, or null. */
export function troubleOf(line, cart, items) {
  const item = items.get(line.item)
  if (!item) return {key: 'line.gone'}
  if (!item.is_available) return {key: 'line.sold_out'}
  const wanted = cart.lines
    .filter(other => other.item === line.item)
    .reduce((sum, other) => sum + other.quantity, 0)
  if (item.left !== null && item.left !== undefined && wanted > item.left) {
    return {key: 'line.short', n: item.left}
  }
  return choiceTrouble(line, item)
}

function choiceTrouble(line, item) {
  const offered = new Map(
    item.modifier_groups.flatMap(group => group.modifiers).map(m => [m.id, m])
  )
  for (const {id} of line.modifiers) {
    const modifier = offered.get(id)
    if (!modifier) return {key: 'line.choice_gone'}
    if (!modifier.is_available) {
      return {key: 'line.choice_sold_out', name: modifier.name}
    }
  }
  const group = item.modifier_groups.find(each => !isSatisfied(each, line.modifiers))
  return group ? {key: 'line.choose', name: group.name} : null
}

/** How many are chosen of a group. */
export function chosenIn(group, modifiers) {
  const own = new Set(group.modifiers.map(modifier => modifier.id))
  return modifiers.reduce(
    (sum, {id, quantity}) => sum + (own.has(id) ? quantity : 0),
    0
  )
}

export function isSatisfied(group, modifiers) {
  const chosen = chosenIn(group, modifiers)
  return chosen >= group.min && (group.max === null || chosen <= group.max)
}

// --- on its way to the server ----------------------------------------------------------

/** What a quote holds fast: with another of these a new quote is needed. */
export function quotedPart(cart) {
  const lines = cart.lines.map(({item, quantity, modifiers}) => [
    item,
    quantity,
    modifiers
  ])
  return JSON.stringify([lines, cart.tip, cart.place.type, cart.method])
}

/** The body of a quote or an order. */
export function bodyOf(cart, restaurantId, tipMsat) {
  const atTable = cart.place.type === 'dine_in'
  return {
    restaurant_id: restaurantId,
    order_type: cart.place.type,
    items: cart.lines.map(lineBody),
    tip_msat: Number(tipMsat),
    payment_method: cart.method,
    customer_name: clean(cart.name) || null,
    table: atTable ? clean(cart.place.table) || null : null,
    table_token: atTable ? cart.place.token : null,
    note: clean(cart.note) || null
  }
}

function lineBody(line) {
  return {
    menu_item_id: line.item,
    quantity: line.quantity,
    note: clean(line.note) || null,
    modifiers: line.modifiers.map(({id, quantity}) => ({modifier_id: id, quantity}))
  }
}

/** Typed text without the invisible characters that the server refuses. */
function clean(text) {
  const invisible =
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/gu
  return text.replace(/\r\n?/g, '\n').replace(invisible, ' ').trim()
}

/** The lines of an order as cart lines, to order the same again. */
export function linesOf(order) {
  return order.items.map(line => ({
    id: uuid(),
    item: line.menu_item_id,
    quantity: line.quantity,
    note: line.note ?? '',
    modifiers: line.modifiers.map(m => ({id: m.modifier_id, quantity: m.quantity}))
  }))
}
