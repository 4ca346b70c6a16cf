/** The times for which a guest may order at a restaurant, day by day. */

import {call, now} from './api.js'
import {dayOf} from './i18n.js'

const STEP_MS = 15 * 60 * 1000
const LEAST_MS = 15 * 60 * 1000
const DAYS = 7

const pathOf = ({id}) => `/restaurants/${encodeURIComponent(id)}`

/**
 * `{asap, days, day, times}` for an order type; `times` are `{at, isFree}` of `day`
 * (the first that has any, unless one is named).
 */
export async function timesFor(restaurant, type, day = null) {
  const asked = new URLSearchParams({order_type: type, ...(day && {day})})
  const found = await call('GET', `${pathOf(restaurant)}/slots?${asked}`)
  const hasSlots = restaurant.slots.some(rule => rule.order_type === type)
  if (!hasSlots) return openTimes(restaurant, type, day, found.asap)
  const times = found.data.map(({starts_at: at, is_free: isFree}) => ({at, isFree}))
  return {asap: found.asap, days: found.days, day: found.day, times}
}

/** Without slots any open time will do: each quarter of an hour. */
async function openTimes(restaurant, type, day, asap) {
  const from = dayOf(now(), restaurant.timezone)
  const path = `${pathOf(restaurant)}/opening?from=${from}&days=${DAYS}`
  const {days} = await call('GET', path)
  const earliest = now() + Math.max((asap.quoted_minutes ?? 0) * 60_000, LEAST_MS)
  const byDay = new Map()
  for (const {starts_at, ends_at, order_types: types} of days.flatMap(d => d.windows)) {
    if (types.length && !types.includes(type)) continue
    for (const at of quarters(starts_at, ends_at, earliest)) {
      const own = dayOf(at, restaurant.timezone)
      byDay.set(own, [...(byDay.get(own) ?? []), {at, isFree: true}])
    }
  }
  const known = [...byDay.keys()].sort()
  const shown = byDay.has(day) ? day : (known[0] ?? null)
  return {asap, days: known, day: shown, times: byDay.get(shown) ?? []}
}

/** Each quarter of an hour in which somebody is there, from a moment on. */
function quarters(startsAt, endsAt, earliest) {
  const found = []
  const first = Math.max(Date.parse(startsAt), earliest)
  const ends = Date.parse(endsAt)
  for (let at = Math.ceil(first / STEP_MS) * STEP_MS; at < ends; at += STEP_MS)
    found.push(new Date(at).toISOString())
  return found
}
