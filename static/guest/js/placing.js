/**
 * Placing an order so that a lost answer, a reload or an impatient thumb never orders
 * twice: the key and the body are on the device before they are sent, and are sent
 * again as they were until the server has said yes or no.
 */

import {ApiError, call} from './api.js'
import {bodyOf} from './cart_body.js'
import {keepOrder} from './orders.js'
import {refundTo} from './refund_to.js'
import {recall, remember, uuid} from './state.js'

const FORGET_MS = 60 * 60 * 1000
/** Codes that do not tell whether something was stored. */
const UNCLEAR = new Set(['http', 'network', 'database.busy'])

const nameOf = slug => `placing.${slug}`

/** The order on its way of which we do not know the end, or null. */
export function unfinished(slug) {
  const placing = recall(nameOf(slug))
  if (placing && Date.now() - placing.at < FORGET_MS) return placing
  remember(nameOf(slug), null)
  return null
}

/** Place the cart at its quote; answers what `resume` answers. */
export function place(cart, restaurant, quoter) {
  const {quote} = quoter.state.get()
  const cartBody = bodyOf(cart, restaurant)
  const body = {...cartBody, quote_id: quote.quote_id, refund_to: refundTo()}
  remember(nameOf(restaurant.slug), {key: uuid(), body, at: Date.now()})
  return resume(restaurant, cart.place)
}

/**
 * Send what is on its way (again). Answers the order as this device keeps it.
 * Throws ApiError: with `isUnsure` the order stays on its way, else it is off.
 */
export async function resume(restaurant, place) {
  const placing = unfinished(restaurant.slug)
  if (!placing) throw new ApiError(409, {code: 'placing.elsewhere'})
  const {key, body} = placing
  const headers = {'Idempotency-Key': key}
  try {
    const placed = await call('POST', '/orders', {body, headers})
    const kept = keepOrder(placed, restaurant, place)
    remember(nameOf(restaurant.slug), null)
    return kept
  } catch (error) {
    const isOver = error instanceof ApiError && !mayStillCome(error)
    if (isOver) remember(nameOf(restaurant.slug), null)
    throw error
  }
}

/** Whether the order may exist, or yet come to exist, after this error. */
export function mayStillCome(error) {
  const isPlainNo = [429, 503].includes(error.status) && !UNCLEAR.has(error.code)
  return error.isUnsure && !isPlainNo
}
