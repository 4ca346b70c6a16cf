/** Paying: one request per wish, however often it has to be sent. */

import {useRef} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {uuid} from './state.js'

const pathOf = order => `/orders/${encodeURIComponent(order.id)}`

/**
 * `pay(body)` for one order: answers what the server took, throws ApiError. After a
 * lost answer the same wish goes out with the same key again. `what`: its payments, or
 * its tips.
 */
export function usePay(order, token, what = 'payments') {
  const wish = useRef({text: '', key: ''})
  return async body => {
    const text = JSON.stringify(body)
    if (wish.current.text !== text) wish.current = {text, key: uuid()}
    const headers = {'X-Order-Token': token, 'Idempotency-Key': wish.current.key}
    try {
      const taken = await call('POST', `${pathOf(order)}/${what}`, {body, headers})
      wish.current = {text: '', key: ''}
      return taken
    } catch (error) {
      if (!error.isUnsure) wish.current = {text: '', key: ''}
      throw error
    }
  }
}

/** Say how a waiting order will be paid; answers the order as it is then. */
export const switchMethod = (order, token, method) =>
  call('POST', `${pathOf(order)}/method`, {
    body: {payment_method: method},
    headers: {'X-Order-Token': token}
  })

/** What is left on a gift card: `{balance, currency, expires_at, is_usable}`. */
export const balanceOf = (restaurantId, code) =>
  call('POST', `/restaurants/${encodeURIComponent(restaurantId)}/gift_cards/balance`, {
    body: {code}
  })

/** A part of the order's money that is there: not an attempt, not given up. */
export const hasArrived = ({status}) =>
  ['captured', 'settled', 'disputed'].includes(status)

/** An open payment by card for just this bill, or null. */
export function openCheckout(order, bill, at) {
  const fits = payment =>
    payment.method === 'card' &&
    payment.checkout_url &&
    (payment.share_id ?? null) === bill.share_id &&
    payment.amount_msat === bill.due_msat &&
    (!payment.expires_at || Date.parse(payment.expires_at) > at)
  return order.payments.filter(fits).at(-1) ?? null
}
