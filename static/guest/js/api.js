/** Calls to the restaurant's API: patient, and careful with the server's clock. */

import {observable} from './state.js'

const BASE = '/restaurant/api/v1'
const TRIES = 4
const TIMEOUT_MS = 15_000
const FIRST_WAIT_MS = 400
const LONGEST_WAIT_MS = 5_000
const CLOCK_TOLERANCE_MS = 2_000
const TEMPORARY = new Set([0, 429, 502, 503, 504])

/** False while the server cannot be reached. */
export const online = observable(navigator.onLine)
addEventListener('online', () => online.set(true))
addEventListener('offline', () => online.set(false))

let clockOffset = 0

/** Milliseconds since epoch by the server's clock; phones' clocks may be wrong. */
export const now = () => Date.now() + clockOffset

/** An answer that is not 2xx. Status 0: there was no answer at all. */
export class ApiError extends Error {
  constructor(status, facts = {}, retryAfter = null) {
    super(facts.detail || `status ${status}`)
    this.status = status
    this.code = facts.code || (status === 0 ? 'network' : 'http')
    this.facts = facts
    this.retryAfter = retryAfter
  }

  /** It may have happened on the server although we got no good answer. */
  get isUnsure() {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }
}

/**
 * One API call, repeated with jitter while the trouble is temporary.
 * Only for calls that may be repeated: reads, quotes, or with an Idempotency-Key.
 * Answers the JSON body, or what `read` makes of the answer; throws ApiError.
 */
export async function call(method, path, {body, headers, tries = TRIES, read} = {}) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await once(method, path, body, headers, read)
    } catch (error) {
      const wait = waitAfter(error, attempt)
      if (attempt >= tries || wait === null) throw error
      await pause(wait)
    }
  }
}

export const pause = ms => new Promise(done => setTimeout(done, ms))

/** Somewhere between 75 and 125 % of it, so that phones do not march in step. */
export const jitter = ms => ms * (0.75 + Math.random() / 2)

async function once(method, path, body, headers, read = facts) {
  const request = {method, headers: {Accept: 'application/json', ...headers}}
  if (body !== undefined) {
    request.body = JSON.stringify(body)
    request.headers['Content-Type'] = 'application/json'
  }
  // Guests have no account; somebody's old LNbits session must not get in the way.
  if (method !== 'GET' || headers) request.credentials = 'omit'
  const answer = await reach(BASE + path, request)
  if (answer.ok) return read(answer)
  const wait = secondsIn(answer.headers.get('Retry-After'))
  throw new ApiError(answer.status, await facts(answer), wait)
}

const facts = answer => answer.json().catch(() => ({}))

async function reach(url, request) {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), TIMEOUT_MS)
  const sentAt = Date.now()
  try {
    const answer = await fetch(url, {...request, signal: patience.signal})
    online.set(true)
    readClock(answer, sentAt)
    return answer
  } catch {
    online.set(false)
    throw new ApiError(0)
  } finally {
    clearTimeout(timer)
  }
}

function readClock(answer, sentAt) {
  const said = Date.parse(answer.headers.get('Date') ?? '')
  if (Number.isNaN(said)) return
  const offset = said + 500 - (sentAt + Date.now()) / 2
  clockOffset = Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0
}

function waitAfter(error, attempt) {
  const isTemporary =
    TEMPORARY.has(error.status) || error.code === 'idempotency.in_flight'
  if (!isTemporary || error.code === 'rate.unavailable') return null
  if (error.retryAfter === null) return jitter(FIRST_WAIT_MS * 2 ** attempt)
  const wait = error.retryAfter * 1000
  return wait > LONGEST_WAIT_MS ? null : jitter(wait) + 250
}

function secondsIn(header) {
  const seconds = Number.parseInt(header ?? '', 10)
  return Number.isNaN(seconds) ? null : seconds
}
