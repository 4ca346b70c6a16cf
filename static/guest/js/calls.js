/** Calls for a waiter from a table: once at a time, kept past a reload. */

import {call, now} from './api.js'
import {observable, recall, remember} from './state.js'

/** So long nobody is called a second time for the same. */
const PATIENCE_MS = 3 * 60_000
const NAME = 'calls'

/** The watched calls of this device: `{[restaurant.table.kind]: at}`. */
export const calls = observable(recall(NAME, {}))

const keyOf = (restaurant, {table}, kind) => [restaurant.id, table, kind].join('.')

/** When somebody was called for this, if that is not long ago; else null. */
export function calledAt(restaurant, place, kind) {
  const at = calls.get()[keyOf(restaurant, place, kind)] ?? 0
  return now() - at < PATIENCE_MS ? at : null
}

/** Call somebody to the table; throws ApiError. */
export async function callTo(restaurant, place, kind) {
  const path = `/restaurants/${encodeURIComponent(restaurant.id)}/calls`
  const body = {table: place.table, table_token: place.token, kind}
  await call('POST', path, {body, headers: {}})
  const recent = Object.entries(calls.get()).filter(
    ([, at]) => now() - at < PATIENCE_MS
  )
  const next = {...Object.fromEntries(recent), [keyOf(restaurant, place, kind)]: now()}
  calls.set(next)
  remember(NAME, next)
}
