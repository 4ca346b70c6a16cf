/**
 * One more round for a tab, so that a lost answer or an impatient thumb never orders
 * it twice: key and body are on the device before they are sent.
 */

import {call} from './api.js'
import {roundOf} from './cart_body.js'
import {mayStillCome} from './placing.js'
import {recall, remember, uuid} from './state.js'

const FORGET_MS = 60 * 60 * 1000
const nameOf = tab => `round.${tab.id}`

/** The round on its way of which we do not know the end, or null. */
export function unfinishedRound(tab) {
  const round = recall(nameOf(tab))
  if (round && Date.now() - round.at < FORGET_MS) return round
  return null
}

/** Send the cart's lines, or (`isAgain`) what was on its way; answers the order. */
export async function sendRound(tab, cart, isAgain) {
  const known = isAgain && unfinishedRound(tab)
  const round = known || {key: uuid(), body: roundOf(cart.get()), at: Date.now()}
  remember(nameOf(tab), round)
  const headers = {'X-Order-Token': tab.token, 'Idempotency-Key': round.key}
  const path = `/orders/${encodeURIComponent(tab.id)}/items`
  try {
    const answer = await call('POST', path, {body: round.body, headers})
    remember(nameOf(tab), null)
    return answer.order ?? answer
  } catch (error) {
    if (!mayStillCome(error)) remember(nameOf(tab), null)
    throw error
  }
}
