// Money and times as people read them. Amounts stay whole numbers or exact text.
;(rs => {
  const SAT_UNITS = {sat: 0, msat: 0, BTC: 8}
  const LNBITS_ONLY = ['we', 'pi', 'br', 'cn', 'jp', 'kr', 'cs']

  /** LNbits' language as a language tag that Intl understands. */
  function locale() {
    const code = String(window.i18n.global.locale || 'en')
    const known = {cn: 'zh', jp: 'ja', kr: 'ko', br: 'pt-BR', cs: 'cs'}
    if (LNBITS_ONLY.includes(code)) return known[code] || 'en'
    return code
  }

  const whole = number => new Intl.NumberFormat(locale()).format(number)

  /** 26968000 → "26,968 sat" */
  const sats = msat => `${whole(Math.ceil(msat / 1000))} sat`

  /** ("170.00", "GTQ") → "GTQ 170.00"; the text keeps its own decimals. */
  function fiat(text, currency) {
    if (currency in SAT_UNITS) return `${text} ${currency}`
    const decimals = (String(text).split('.')[1] || '').length
    const options = {
      style: 'currency',
      currency,
      currencyDisplay: 'code',
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals
    }
    try {
      return new Intl.NumberFormat(locale(), options).format(text)
    } catch {
      return `${currency} ${text}`
    }
  }

  /** "1177.84" as a number with its own decimals: "1,177.84" */
  function number(text) {
    const decimals = (String(text).split('.')[1] || '').length
    const options = {minimumFractionDigits: decimals, maximumFractionDigits: decimals}
    return new Intl.NumberFormat(locale(), options).format(text)
  }

  /** "170.05" → 17005n; null when it is not a plain number of so many decimals. */
  function toMinor(text, decimals) {
    const match = /^(\d{1,15})(?:[.,](\d*))?$/.exec(String(text ?? '').trim())
    if (!match || (match[2] || '').length > decimals) return null
    return BigInt(match[1] + (match[2] || '').padEnd(decimals, '0'))
  }

  /** (17005n, 2) → "170.05" */
  function fromMinor(minor, decimals) {
    const digits = String(minor).padStart(decimals + 1, '0')
    if (!decimals) return digits
    return `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
  }

  const decimalsOf = text => (String(text).split('.')[1] || '').length

  const clock = at =>
    new Date(at).toLocaleTimeString(locale(), {hour: '2-digit', minute: '2-digit'})

  /** Today's times as a time, others with their date. */
  function moment(at) {
    if (!at) return '–'
    const date = new Date(at)
    if (date.toDateString() === new Date().toDateString()) return clock(at)
    return date.toLocaleString(locale(), {dateStyle: 'medium', timeStyle: 'short'})
  }

  /** Milliseconds → "4 min", "1 h 05 min" */
  function age(ms) {
    const minutes = Math.max(0, Math.floor(ms / 60_000))
    if (minutes < 60) return `${minutes} min`
    const rest = String(minutes % 60).padStart(2, '0')
    return `${Math.floor(minutes / 60)} h ${rest} min`
  }

  function wallClock(at, timeZone) {
    const parts = new Intl.DateTimeFormat('en-US', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric'
    }).formatToParts(at)
    const value = type => Number(parts.find(part => part.type === type).value)
    const day = [value('year'), value('month') - 1, value('day')]
    return Date.UTC(...day, value('hour'), value('minute'), value('second'))
  }

  /** The next moment at which the restaurant's clock shows `time` ("04:00"). */
  function nextTime(time, timeZone, now = Date.now()) {
    const [hour, minute] = time.split(':').map(Number)
    const start = Math.floor(now / 1000) * 1000
    const here = wallClock(start, timeZone)
    const wanted = new Date(here)
    wanted.setUTCHours(hour, minute, 0, 0)
    if (wanted.getTime() <= here) wanted.setUTCDate(wanted.getUTCDate() + 1)
    const at = start + (wanted.getTime() - here)
    // The clocks may change before then.
    return new Date(at + wanted.getTime() - wallClock(at, timeZone))
  }

  /** A moment (RFC 3339) as the restaurant's clock shows it: "2026-11-21T18:00". */
  const toZone = (at, timeZone) =>
    new Date(wallClock(Math.floor(Date.parse(at) / 1000) * 1000, timeZone))
      .toISOString()
      .slice(0, 16)

  /** The other way round; a time that the clocks skip moves with them. */
  function fromZone(text, timeZone) {
    const wanted = Date.parse(`${text}:00Z`)
    const guess = wanted - (wallClock(wanted, timeZone) - wanted)
    const at = guess + wanted - wallClock(guess, timeZone)
    return new Date(at).toISOString().replace('.000Z', 'Z')
  }

  rs.format = {
    locale,
    whole,
    sats,
    number,
    fiat,
    toMinor,
    fromMinor,
    decimalsOf,
    clock,
    moment,
    age,
    wallClock,
    toZone,
    fromZone,
    nextTime
  }
})(window.restaurantStaff)
