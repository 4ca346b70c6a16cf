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
  when: null,
  method: 'lightning',
  touchedAt: 0
}
const EMPTIED = {
  lines: [],
  tip: null,
  codes: [],
  note: '',
  when: null,
  method: 'lightning'
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
    empty: () => change(() => EMPTIED)
  }
}

/** A time that was chosen, unless it has passed. */
export const whenFrom = ({when}) =>
  when && Date.parse(when) > Date.now() ? when : null

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

// --- a tab at a table --------------------------------------------------------------------

const tabs = new Map()
const tabName = slug => `tab.${slug}`

/** What is kept of a tab: the order that it is, at its table. */
export const tabOf = ({id, token, number}, {table}) => ({id, token, number, table})

/** The watched tab that this device adds to at a restaurant, or null. */
export function openTab(slug) {
  if (!tabs.has(slug)) tabs.set(slug, observable(recall(tabName(slug))))
  return tabs.get(slug)
}

/** Add to this tab from now on; null: order anew. */
export function setTab(slug, tab) {
  remember(tabName(slug), tab)
  openTab(slug).set(tab)
}

/** Whether an order for this place goes on a tab. */
export const isTabOf = (tab, {type, table}) =>
  Boolean(tab) && type === 'dine_in' && table === tab.table
