/** How a cart goes to the server, and comes back from an order. */

import {deliveryTo} from './delivery.js'
import {recall, remember, uuid} from './state.js'
import {methodsTaken} from './ways.js'

/** What a quote holds fast: with another of these a new quote is needed. */
export function quotedPart(cart) {
  const {tip, codes, covers, place, method, when} = cart
  const {type, table} = place
  const lines = cart.lines.map(line => ({...lineBody(line), note: null}))
  return JSON.stringify([lines, tip, codes, covers, type, table, method, when])
}

/** The body of a quote or an order at a restaurant. */
export function bodyOf(cart, {id: restaurantId, ...restaurant}) {
  const {type} = cart.place
  const atTable = type === 'dine_in'
  const isTab = cart.method === 'tab'
  return {
    restaurant_id: restaurantId,
    order_type: cart.place.type,
    items: cart.lines.map(lineBody),
    tip: isTab ? null : tipBody(cart.tip),
    codes: cart.codes,
    guest_id: guestId(restaurantId),
    covers: atTable ? cart.covers : null,
    payment_method: isTab ? tabMethod(restaurant) : cart.method,
    tab: isTab,
    customer_name: clean(cart.name) || null,
    table: atTable ? clean(cart.place.table) || null : null,
    table_token: atTable ? cart.place.token : null,
    note: clean(cart.note) || null,
    pickup_at: cart.when,
    delivery: type === 'delivery' ? deliveryTo() : null
  }
}

/** What a tab will be paid by unless its guests choose otherwise at the end. */
const tabMethod = restaurant =>
  methodsTaken(restaurant, 'dine_in', restaurant.currency)[0]

/** The lines alone, as a round for a tab is sent. */
export const roundOf = cart => ({items: cart.lines.map(lineBody)})

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
