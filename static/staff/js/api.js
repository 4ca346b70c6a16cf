// Calls the restaurant's API with the session of the logged-in account.
;(rs => {
  const BASE = '/restaurant/api/v1'
  const TIMEOUT_MS = 12_000
  const TRIES = 3
  const SAME_DATE_MS = 2_000
  const answeredAt = new Map()

  /** What the server said no with: `detail` is a sentence for people. */
  class ApiError extends Error {
    constructor(status, body, retryAfter) {
      super(body.detail || rs.t('errors.status', {status}))
      this.status = status
      this.code = body.code || ''
      this.detail = this.message
      this.facts = body
      this.retryAfter = Number(retryAfter) || 0
    }

    get isOffline() {
      return this.status === 0
    }

    get isTransient() {
      return [0, 429, 503].includes(this.status)
    }
  }

  const offline = () => new ApiError(0, {detail: rs.t('errors.offline')})
  const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

  // LNbits' service worker answers from its cache while the server is away: such an
  // answer carries the very date that the one before it carried.
  function isFromCache(path, response) {
    const date = response.headers.get('date')
    const before = answeredAt.get(path)
    const isOld = date && before?.date === date && Date.now() - before.at > SAME_DATE_MS
    if (!isOld) answeredAt.set(path, {date, at: Date.now()})
    return Boolean(isOld)
  }

  async function send(method, path, options) {
    const headers = {Accept: 'application/json', ...options.headers}
    const request = {method, headers, credentials: 'same-origin', cache: 'no-store'}
    if (options.body instanceof Blob) {
      headers['Content-Type'] = options.body.type
      request.body = options.body
    } else if (options.body !== undefined) {
      headers['Content-Type'] = 'application/json'
      request.body = JSON.stringify(options.body)
    }
    if (options.key) headers['Idempotency-Key'] = options.key
    const url = path.startsWith('/api/') ? path : BASE + path
    let response
    try {
      response = await fetch(url, {...request, signal: AbortSignal.timeout(TIMEOUT_MS)})
    } catch {
      throw offline()
    }
    return read(method, path, response, options)
  }

  async function read(method, path, response, {isText, isPicture}) {
    if (response.ok && isPicture) return readPicture(response)
    const text = await response.text().catch(() => '')
    if (response.status === 503 && !text) throw offline()
    if (method === 'GET' && response.ok && isFromCache(path, response)) throw offline()
    if (response.ok && isText) return text
    const body = LNbits.utils.parseJSONSafe(text)
    if (response.ok) return body
    const retryAfter = response.headers.get('retry-after')
    throw new ApiError(response.status, body || {}, retryAfter)
  }

  async function readPicture(response) {
    const tag = (response.headers.get('etag') || '').replace(/^W\/|"/g, '')
    try {
      return {blob: await response.blob(), tag}
    } catch {
      throw offline()
    }
  }

  /**
   * One call; answers the JSON body (`isText`: the text, `isPicture`: {blob, tag}) or
   * throws ApiError. The `body` is sent as JSON, a Blob as it is. `key` is an
   * Idempotency-Key.
   * Calls that may be repeated are repeated while the server is busy or away.
   */
  async function call(method, path, options = {}) {
    const mayRepeat = options.mayRepeat ?? (method === 'GET' || Boolean(options.key))
    for (let tried = 1; ; tried++) {
      try {
        return await send(method, path, options)
      } catch (error) {
        if (!mayRepeat || !error.isTransient || tried >= TRIES) throw error
        const seconds = Math.min(error.retryAfter || tried, 5)
        await pause(seconds * 1000 * (0.75 + Math.random() / 2))
      }
    }
  }

  /** Every row of a list, page after page, at most `pages` of 500. */
  async function all(path, pages = 4) {
    const rows = []
    let cursor = ''
    for (let page = 0; page < pages; page++) {
      const sign = path.includes('?') ? '&' : '?'
      const at = cursor && `&cursor=${encodeURIComponent(cursor)}`
      const answer = await call('GET', `${path}${sign}limit=500${at}`)
      rows.push(...answer.data)
      cursor = answer.next
      if (!cursor) break
    }
    return rows
  }

  /** A new Idempotency-Key; works on plain http too, unlike crypto.randomUUID. */
  function newKey() {
    const bytes = crypto.getRandomValues(new Uint8Array(16))
    return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  }

  /** Keys for one form: the same body gets the same key, a changed one a new key. */
  function keyring() {
    const keys = new Map()
    return body => {
      const text = JSON.stringify(body ?? null)
      if (!keys.has(text)) keys.set(text, newKey())
      return keys.get(text)
    }
  }

  /**
   * Answers may overtake each other: of one kind of question none is shown after that
   * to a later one. `const ask = newest()`; a question begins with `const isNews =
   * ask()`, and its answer counts if `isNews()`.
   */
  function newest() {
    let asked = 0
    let shown = 0
    return () => {
      const own = ++asked
      return () => {
        const isNews = own > shown
        if (isNews) shown = own
        return isNews
      }
    }
  }

  rs.t = (key, values) => window.i18n.global.t(`restaurant.${key}`, values ?? {})
  rs.api = {call, all, newKey, keyring, newest, ApiError}
})(window.restaurantStaff)
