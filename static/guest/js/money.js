/**
 * Money on the page. Exact: amounts are whole minor units or msat, as BigInt; prices
 * travel as decimal texts ("85.00"), which tell a currency's decimals. The truth is
 * always the server's quote; what is computed here is only shown before it comes.
 */

import {localeNow} from './i18n.js'

const MSAT_PER_SAT = 1000n
const LIGHTNING = {sat: 'sat', msat: 'msat', BTC: 'BTC'}
const formats = new Map()

/** How many decimals a price text has: "85.00" → 2. */
export const decimalsIn = text => (text.split('.')[1] ?? '').length

/** A price text in minor units: "85.00" → 8500n. */
export const toMinor = text => BigInt(text.replace('.', ''))

/** A price text of any length in minor units of so many decimals: "1" → 100n. */
export function minorOf(text, decimals) {
  const [whole, part = ''] = text.split('.')
  return BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals))
}

/** Minor units as a price text: 8500n → "85.00". */
export function fromMinor(minor, decimals) {
  const sign = minor < 0n ? '-' : ''
  const digits = String(minor < 0n ? -minor : minor).padStart(decimals + 1, '0')
  if (!decimals) return sign + digits
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`
}

/** A price text for people: "85.00" GTQ → "Q 85.00". `sign` shows a plus as well. */
export function money(text, currency, {sign = false} = {}) {
  const decimals = decimalsIn(text)
  const format = formatFor(currency, decimals, sign)
  const shown = readable(format, text)
  return LIGHTNING[currency] ? `${shown} ${LIGHTNING[currency]}` : shown
}

/** An msat amount for people, in whole satoshi: "26,968 sat". */
export function sats(msat) {
  const whole = (BigInt(msat) + MSAT_PER_SAT / 2n) / MSAT_PER_SAT
  return money(String(whole), 'sat')
}

/** A rate for people: "158.635 sat". */
export function rateText(rate) {
  const format = new Intl.NumberFormat(localeNow(), {maximumSignificantDigits: 8})
  return `${format.format(rate)} sat`
}

/** An msat amount in a currency, as a price text, rounded half up. */
export function msatIn(msat, currency, rates, decimals) {
  const {scaled, factor} = msatPerUnit(currency, rates)
  const top = BigInt(msat) * 10n ** BigInt(decimals) * factor
  return fromMinor((top * 2n + scaled) / (scaled * 2n), decimals)
}

/** So many percent ("12.5") of minor units, rounded half up. */
export function percentOf(minor, percent) {
  const below = 100n * 10n ** BigInt(decimalsIn(percent))
  return (minor * toMinor(percent) * 2n + below) / (below * 2n)
}

/** A percentage for people: "8.875" → "8.875 %". */
export const percentText = percent =>
  `${new Intl.NumberFormat(localeNow(), {maximumFractionDigits: 4}).format(percent)}\u00a0%`

/** What somebody typed ("5", "2,50") as a price text, or null. */
export function readAmount(typed, decimals) {
  const plain = typed.trim().replace(',', '.')
  const match = /^(\d{1,9})(?:\.(\d*))?$/.exec(plain)
  if (!match || (match[2] ?? '').length > decimals) return null
  return decimals ? `${match[1]}.${(match[2] ?? '').padEnd(decimals, '0')}` : match[1]
}

/** msat per unit of a currency as a fraction: `scaled / factor`. */
function msatPerUnit(currency, rates) {
  if (currency === 'sat') return {scaled: MSAT_PER_SAT, factor: 1n}
  if (currency === 'msat') return {scaled: 1n, factor: 1n}
  if (currency === 'BTC') return {scaled: 10n ** 11n, factor: 1n}
  const rate = rates[currency]
  return {scaled: toMinor(rate) * MSAT_PER_SAT, factor: 10n ** BigInt(decimalsIn(rate))}
}

function formatFor(currency, decimals, sign) {
  const locale = localeNow()
  const key = [locale, currency, decimals, sign].join()
  if (!formats.has(key)) formats.set(key, newFormat(locale, currency, decimals, sign))
  return formats.get(key)
}

function newFormat(locale, currency, decimals, sign) {
  const style = {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
    signDisplay: sign ? 'exceptZero' : 'auto'
  }
  if (LIGHTNING[currency]) return new Intl.NumberFormat(locale, style)
  const full = {...style, style: 'currency', currency}
  try {
    const narrow = {...full, currencyDisplay: 'narrowSymbol'}
    return new Intl.NumberFormat(locale, narrow)
  } catch {
    return new Intl.NumberFormat(locale, full)
  }
}

/** "Q85.00" reads better as "Q 85.00": a letter next to a digit gets some air. */
function readable(format, text) {
  const whole = format.formatToParts(text)
  return whole
    .map((part, index) => {
      const next = whole[index + 1]?.type
      const needsAir = part.type === 'currency' && /\p{L}$/u.test(part.value)
      return needsAir && next === 'integer' ? `${part.value}\u00a0` : part.value
    })
    .join('')
}
