/** What an order's state means to its guest. */

import {decimalsIn, money, msatIn, sats} from './money.js'

/** "12.00 € · 15,840 sat" worth of an order's money; satoshi alone where that is all. */
export function worth(msat, order) {
  const isBitcoin = ['sat', 'msat', 'BTC'].includes(order.currency)
  if (isBitcoin || !order.rates[order.currency]) return sats(msat)
  const isAll = msat === order.total_msat // whose satoshi were rounded up
  const fiat = isAll
    ? order.total
    : msatIn(msat, order.currency, order.rates, decimalsIn(order.total))
  return `${money(fiat, order.currency)} (${sats(msat)})`
}

export const isOver = order =>
  ['completed', 'canceled', 'refunded'].includes(order.status)

const has = (order, flag) => order.flags.includes(flag)

/**
 * Which of the page's faces an order shows: `pay`, `time_up`, `cash`, `paid`,
 * `part_paid` (the staff made it dearer), `late`, `oversold`, `unavailable`, `coming`
 * (all of its money goes back), `accepted`, `ready`, `completed`, `refunded`, `expired`,
 * `taken_back`, `unaccepted`, `merged`, `canceled` — or, when money came,
 * `canceled_paid` and `canceled_late`.
 */
export function phaseOf(order, at) {
  switch (order.status) {
    case 'pending':
      return hasRunOut(order, at) ? 'time_up' : 'pay'
    case 'paid':
      return paidPhase(order)
    case 'canceled':
      return canceledPhase(order)
    default:
      return order.status
  }
}

function hasRunOut({expires_at: until, paid_msat: paid}, at) {
  return Boolean(until) && !paid && Date.parse(until) <= at
}

function paidPhase(order) {
  if (has(order, 'paid_late')) return 'late'
  if (has(order, 'oversold')) return 'oversold'
  if (has(order, 'unavailable')) return 'unavailable'
  if (order.due_msat > 0) return 'part_paid'
  const goesBack = !order.refundable_msat && moneyBack(order) === 'coming'
  return goesBack ? 'coming' : 'paid'
}

function canceledPhase(order) {
  if (order.merged_into) return 'merged'
  if (order.paid_msat > 0)
    return has(order, 'paid_late') ? 'canceled_late' : 'canceled_paid'
  if (order.cancel_reason === 'expired') return 'expired'
  return order.cancel_reason === 'guest' ? 'taken_back' : 'canceled'
}

/**
 * What becomes of money that should go back: `owed` as long as nobody began, then
 * `coming`, then `returned`; null when nothing should.
 */
export function moneyBack({owed_msat: owed, refunded_msat: returned, refunds}) {
  if (owed > 0) return 'owed'
  const open = ['requested', 'approved', 'sending']
  if (refunds.some(refund => open.includes(refund.status))) return 'coming'
  return returned > 0 ? 'returned' : null
}

/** An open tab: it was cooked first, and its guests pay at the end. */
export const isOpenTab = order =>
  order.is_tab && ['accepted', 'ready', 'completed'].includes(order.status)

/** When it should be there: as the staff promised, else as was said at ordering. */
export const readyBy = order => order.promised_at ?? order.wanted_at

const LAST_STEPS = {
  dine_in: {ready: 'ready_table', over: 'served'},
  pickup: {ready: 'ready', over: 'collected'},
  delivery: {ready: 'ready_delivery', over: 'delivered'}
}

/** The way to the table: `{key, at, state}`; states are done, now (the first open) and next. */
export function stepsOf(order) {
  const reached = ['paid', 'accepted', 'ready', 'completed'].indexOf(order.status)
  const {ready, over} = LAST_STEPS[order.order_type]
  const steps = [
    {
      key: order.paid_at ? 'paid' : 'received',
      at: order.paid_at ?? order.created_at,
      from: 0
    },
    {key: 'accepted', at: order.accepted_at, from: 1},
    {key: 'preparing', at: null, from: 2},
    {key: ready, at: order.ready_at, from: 2},
    {key: over, at: order.completed_at, from: 3}
  ]
  const present = steps.findIndex(({from}) => reached < from)
  const stateOf = (from, index) =>
    reached >= from ? 'done' : index === present ? 'now' : 'next'
  return steps.map(({key, at, from}, index) => ({key, at, state: stateOf(from, index)}))
}
