/** What is chosen of an item or a set menu, what that costs, and what ails it. */

import {times} from './i18n.js'
import {decimalsIn, fromMinor, toMinor} from './money.js'
import {whyNot} from './offered.js'

/** The set menu or the item of a cart's line, as the menu has it now. */
export const wareOf = (line, items) => items.get(line.combo ?? line.item)

/** A group's place in the sheet: what must be chosen comes first. */
export const groupsOf = item =>
  [...item.modifier_groups].sort((a, b) => Number(b.min > 0) - Number(a.min > 0))

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

/** The names of what was chosen of an item, in the order of its sheet. */
export function namesOf(item, modifiers) {
  const chosen = new Map(modifiers.map(({id, quantity}) => [id, quantity]))
  return groupsOf(item)
    .flatMap(group => group.modifiers)
    .filter(({id}) => chosen.has(id))
    .map(({id, name}) => times(chosen.get(id), name))
}

// --- set menus: a group's options are items, each with modifiers of its own ----------

/** A set menu's group in the shape of an item's group: its options are the choices. */
export const asGroup = ({options, ...group}, items) => ({
  ...group,
  modifiers: options
    .filter(option => items.has(option.menu_item_id))
    .map(({menu_item_id: id, surcharge, is_available}) => ({
      id,
      name: items.get(id).name,
      price_delta: surcharge,
      is_available
    }))
})

/** Choices that came without their groups get them, as the server gives them out. */
export function grouped(choices, combo) {
  const room = new Map(combo.groups.map(group => [group.id, group.max]))
  const offers = (group, {item, quantity}) =>
    group.options.some(option => option.menu_item_id === item) &&
    room.get(group.id) >= quantity
  return choices.map(choice => {
    const own = combo.groups.find(group => group.id === choice.group)
    const group = own ?? combo.groups.find(each => offers(each, choice))
    if (group) room.set(group.id, room.get(group.id) - choice.quantity)
    return {...choice, group: group?.id}
  })
}

/** "Tacos (Maíz)", "2 × Agua" … */
export const partsOf = (combo, choices, items) =>
  combo.groups.flatMap(group =>
    grouped(choices, combo)
      .filter(choice => choice.group === group.id && items.has(choice.item))
      .map(({item: id, quantity, modifiers}) => {
        const item = items.get(id)
        const own = namesOf(item, modifiers)
        return times(
          quantity,
          own.length ? `${item.name} (${own.join(', ')})` : item.name
        )
      })
  )

// --- what it costs, by the menu -------------------------------------------------------

/** A line's price text at the menu's prices; `ware` is its item or set menu. */
export function priceOf(ware, line, items) {
  const unit = line.combo ? comboUnit(ware, line.choices, items) : itemUnit(ware, line)
  return fromMinor(unit * BigInt(line.quantity), decimalsIn(ware.price))
}

const itemUnit = (item, {modifiers}) => toMinor(item.price) + extras(item, modifiers)

function comboUnit(combo, choices, items) {
  return grouped(choices, combo).reduce((sum, choice) => {
    const group = combo.groups.find(({id}) => id === choice.group)
    const option = group?.options.find(each => each.menu_item_id === choice.item)
    const item = items.get(choice.item)
    if (!option || !item) return sum
    const each = toMinor(option.surcharge) + extras(item, choice.modifiers)
    return sum + each * BigInt(choice.quantity)
  }, toMinor(combo.price))
}

function extras(item, modifiers) {
  const all = item.modifier_groups.flatMap(group => group.modifiers)
  const deltas = new Map(all.map(m => [m.id, m.price_delta]))
  return modifiers.reduce(
    (sum, {id, quantity}) => sum + toMinor(deltas.get(id) ?? '0') * BigInt(quantity),
    0n
  )
}

/** The sum of lines at the menu's prices, or null when their currencies differ. */
export function estimate({lines}, items) {
  let sum = null
  for (const line of lines) {
    const ware = wareOf(line, items)
    if (!ware) continue
    const price = priceOf(ware, line, items)
    if (sum && sum.currency !== ware.currency) return null
    const before = sum ? toMinor(sum.price) : 0n
    const total = fromMinor(before + toMinor(price), decimalsIn(price))
    sum = {price: total, currency: ware.currency}
  }
  return sum
}

// --- what ails it ---------------------------------------------------------------------

const WHY_NOT = {
  sold_out: 'line.sold_out',
  later: 'line.later',
  type: 'line.type'
}

/**
 * What is wrong with a line by the present menu: `{key, …values}`, or null. `isGone`
 * says that only taking it out helps; `n` of a short one are left.
 */
export function troubleOf(line, cart, items, timezone) {
  const ware = wareOf(line, items)
  if (!ware) return {key: 'line.gone', isGone: true}
  const why = whyNot(ware, cart, timezone)
  if (why) return {...why, key: WHY_NOT[why.key], isGone: true}
  if (line.combo) return comboTrouble(line, ware, items)
  const wanted = cart.lines
    .filter(other => other.item === line.item)
    .reduce((sum, other) => sum + other.quantity, 0)
  if (ware.left !== null && ware.left !== undefined && wanted > ware.left) {
    return {key: 'line.short', n: ware.left}
  }
  return choiceTrouble(line.modifiers, ware)
}

/** What is wrong with the modifiers that were chosen of an item, or null. */
export function choiceTrouble(modifiers, item) {
  const offered = new Map(
    item.modifier_groups.flatMap(group => group.modifiers).map(m => [m.id, m])
  )
  for (const {id} of modifiers) {
    const modifier = offered.get(id)
    if (!modifier) return {key: 'line.choice_gone'}
    if (!modifier.is_available) {
      return {key: 'line.choice_sold_out', name: modifier.name}
    }
  }
  const group = groupsOf(item).find(each => !isSatisfied(each, modifiers))
  return group ? {key: 'line.choose', name: group.name, group: group.id} : null
}

/** What is wrong with the choices of a set menu, or null. */
export function comboTrouble({choices}, combo, items) {
  const all = grouped(choices, combo)
  if (all.some(choice => !choice.group)) return {key: 'line.choice_gone'}
  for (const group of combo.groups) {
    const trouble = courseTrouble(group, all, items)
    if (trouble) return {...trouble, group: trouble.group ?? group.id}
  }
  return null
}

/** The same of one of its groups. */
function courseTrouble(course, all, items) {
  const group = asGroup(course, items)
  const own = all.filter(choice => choice.group === group.id)
  for (const {item, modifiers} of own) {
    const option = group.modifiers.find(({id}) => id === item)
    if (!option) return {key: 'line.choice_gone'}
    if (!option.is_available) return {key: 'line.choice_sold_out', name: option.name}
    const trouble = choiceTrouble(modifiers, items.get(item))
    if (trouble) {
      const inner = trouble.group && nestedId(course.id, item, trouble.group)
      return {...trouble, group: inner}
    }
  }
  const chosen = own.map(({item, quantity}) => ({id: item, quantity}))
  return isSatisfied(group, chosen) ? null : {key: 'line.choose', name: group.name}
}

/** The id of a modifier group inside a set menu's sheet, where an item may stand twice. */
export const nestedId = (course, item, group) => `${course}-${item}-${group}`
