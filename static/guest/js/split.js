/** A bill in shares: the live split of an order, and how a share is called. */

import {useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {t} from './i18n.js'
import {noteOrder} from './orders.js'
import {uuid} from './state.js'

const pathOf = order => `/orders/${encodeURIComponent(order.id)}/split`

/**
 * `{split, take, reload}`: the shares as they stand, null for a bill that is whole.
 * An order does not tell that it is split; this device, the link that opened it
 * (`isHinted`) or a payment for a share do.
 */
export function useSplit(order, token, isHinted) {
  const [split, setSplit] = useState(null)
  const [round, setRound] = useState(0)
  const taken = useRef(0) // what was taken over is newer than what is on its way
  const isSplit = isHinted || order.payments.some(payment => payment.share_id)
  useEffect(() => {
    if (!isSplit || !order.due_msat) return undefined
    let isHere = true
    const before = taken.current
    const isWanted = () => isHere && before === taken.current
    call('GET', pathOf(order), {headers: {'X-Order-Token': token}, tries: 1})
      .then(found => isWanted() && setSplit(found))
      .catch(error => error.status === 404 && isWanted() && take(null))
    return () => (isHere = false)
  }, [order, isSplit, round])
  const take = next => {
    taken.current++
    setSplit(next)
    noteOrder(order, token, {isSplit: Boolean(next)})
  }
  return {split, take, reload: () => setRound(n => n + 1)}
}

/** Split what is due; answers the shares. The same `key` never splits twice. */
export function splitBill(order, token, body, key = uuid()) {
  const headers = {'X-Order-Token': token, 'Idempotency-Key': key}
  return call('POST', pathOf(order), {body, headers})
}

export const unsplit = (order, token) =>
  call('DELETE', pathOf(order), {headers: {'X-Order-Token': token}})

/** "Ana", "The rest", "Share 2 of 3". */
export function shareName(share, split) {
  if (share.label) return share.label
  const isRest = ['amounts', 'lines'].includes(split.by)
  const number = split.shares.indexOf(share) + 1
  const of = split.shares.length
  if (isRest && split.by === 'lines' && number === of) return t('split.rest')
  return t('split.share', {number, of})
}

/** What a share is of, for a small line: "2 × Tacos, Agua". */
export function shareLines(share, order) {
  const names = new Map(order.items.map(line => [line.id, line.name]))
  return share.lines
    .map(({line_id: id, quantity}) =>
      quantity > 1 ? `${quantity} × ${names.get(id)}` : names.get(id)
    )
    .join(', ')
}
