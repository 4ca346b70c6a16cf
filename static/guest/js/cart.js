/** The cart of this device: what is in it, and how it goes to the server. */

import {observable, onOtherTab, recall, remember, uuid} from './state.js'

export const QUANTITY_MAX = 999
export const NAME_MAX = 120
export const NOTE_MAX = 500
const FORGET_TABLE_MS = 3 * 60 * 60 * 1000
const EMPTY = {
  lines: [],
  tip: null,
  codes: [],
  covers: null,
  name: '',
  note: '',
  place: {type: 'pickup', table: '', token: null},
  method: 'lightning',
  touchedAt: 0
}
const EMPTIED = {lines: [], tip: null, codes: [], note: '', method: 'lightning'}

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
    empty: () => change(() => EMPTIED)
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
  const mods = ({modifiers = []}) =>
    modifiers.map(({id, quantity}) => `${id}×${quantity}`).sort()
  const part = choice => [choice.item, choice.group, choice.quantity, mods(choice)]
  const face = ({item, combo, note, choices = [], ...line}) =>
    JSON.stringify([item ?? combo, mods(line), choices.map(part), note])
  return face(one) === face(other)
}

export const countOf = cart => cart.lines.reduce((sum, line) => sum + line.quantity, 0)

// --- on its way to the server ----------------------------------------------------------

/** What a quote holds fast: with another of these a new quote is needed. */
export function quotedPart(cart) {
  const {tip, codes, covers, place, method} = cart
  const lines = cart.lines.map(line => ({...lineBody(line), note: null}))
  return JSON.stringify([lines, tip, codes, covers, place.type, place.table, method])
}

/** The body of a quote or an order. */
export function bodyOf(cart, restaurantId) {
  const atTable = cart.place.type === 'dine_in'
  return {
    restaurant_id: restaurantId,
    order_type: cart.place.type,
    items: cart.lines.map(lineBody),
    tip: tipBody(cart.tip),
    codes: cart.codes,
    guest_id: guestId(restaurantId),
    covers: atTable ? cart.covers : null,
    payment_method: cart.method,
    customer_name: clean(cart.name) || null,
    table: atTable ? clean(cart.place.table) || null : null,
    table_token: atTable ? cart.place.token : null,
    note: clean(cart.note) || null
  }
}

function lineBody({item, combo, quantity, note, modifiers, choices}) {
  const line = {quantity, note: clean(note) || null}
  if (!combo) return {menu_item_id: item, ...line, modifiers: modifiersBody(modifiers)}
  const parts = choices.map(choice => ({
    menu_item_id: choice.item,
    quantity: choice.quantity,
    modifiers: modifiersBody(choice.modifiers)
  }))
  return {combo_id: combo, ...line, choices: parts}
}

const modifiersBody = modifiers =>
  modifiers.map(({id, quantity}) => ({modifier_id: id, quantity}))

/** A percentage, an amount or rounding up: only what the guest picked. */
function tipBody(tip) {
  if (!tip) return null
  const {percent, amount} = tip
  if (percent) return {percent}
  return amount ? {amount} : {round_up: true}
}

/** What limits per guest go by: made up once, kept here, another in each restaurant. */
function guestId(restaurantId) {
  const name = `guest.${restaurantId}`
  const known = recall(name)
  if (known) return known
  const fresh = uuid()
  remember(name, fresh)
  return fresh
}

/** Typed text without the invisible characters that the server refuses. */
function clean(text) {
  const invisible =
    /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff]/gu
  return text.replace(/\r\n?/g, '\n').replace(invisible, ' ').trim()
}

/** The lines of an order as cart lines, to order the same again. */
export function linesOf(order) {
  const lines = new Map()
  for (const line of order.items) {
    const {menu_item_id: item, quantity, combo} = line
    const modifiers = line.modifiers.map(m => ({
      id: m.modifier_id,
      quantity: m.quantity
    }))
    const note = line.note ?? ''
    const part = {item, quantity, modifiers}
    if (!combo) lines.set(line.id, {...part, note})
    else {
      const name = `combo ${combo.line}`
      const {combo_id: id, quantity: count} = combo
      const known = lines.get(name) ?? {combo: id, quantity: count, note, choices: []}
      lines.set(name, {...known, choices: [...known.choices, part]})
    }
  }
  return [...lines.values()].map(line => ({
    id: uuid(),
    ...(line.combo ? single(line) : line)
  }))
}

/** A set menu whose choices are those of a single one. */
function single(line) {
  const choices = line.choices.map(choice => ({
    ...choice,
    quantity: choice.quantity / line.quantity
  }))
  return {...line, choices}
}
