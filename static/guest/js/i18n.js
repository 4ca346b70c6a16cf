/** The page's words in the guest's language, and that language's numbers and times. */

import {now, pause} from './api.js'
import {observable, recall, remember} from './state.js'

/** Languages with a file of words, by their own names. */
export const LANGUAGES = {en: 'English', de: 'Deutsch', es: 'Español'}
const RIGHT_TO_LEFT = new Set(['ar', 'fa', 'he', 'ur'])
const TRIES = 3
const A_DAY_MS = 24 * 60 * 60 * 1000

/** The code of the language in use. */
export const language = observable('')

let asked = 0
let words = {}
let locale = 'en'
let plurals = new Intl.PluralRules('en')

/**
 * Load the words of a language (the guest's own when none is named) and use them;
 * false when another was asked for meanwhile.
 */
export async function speak(code = wanted()) {
  const own = ++asked
  const found = await fetchWords(code)
  if (own !== asked) return false
  words = found
  locale = preferred().find(name => baseOf(name) === code) ?? code
  plurals = new Intl.PluralRules(locale)
  document.documentElement.lang = code
  document.documentElement.dir = RIGHT_TO_LEFT.has(code) ? 'rtl' : 'ltr'
  language.set(code)
  return true
}

/** Switch at the guest's wish, and keep to it. */
export async function switchTo(code) {
  if (await speak(code)) remember('language', code)
}

/** The locale for Intl: the guest's own region where the language agrees. */
export const localeNow = () => locale

/** A text with `{name}` places filled; plural forms go by `n`. */
export function t(key, values = {}) {
  return pick(key, values).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole)
}

/** The same for values that are elements: a list of texts and elements. */
export function rich(key, values) {
  const parts = pick(key, values).split(/\{(\w+)\}/)
  return parts.map((part, index) => (index % 2 ? values[part] : part))
}

/** "2 × Cheese", or its name alone when there is one. */
export const times = (quantity, name) => (quantity > 1 ? `${quantity} × ${name}` : name)

/** Hours and minutes of a moment (RFC 3339 or milliseconds). */
export const clock = (moment, timeZone) =>
  formatted(moment, timeZone, {timeStyle: 'short'})

/** Day, month, hours and minutes of a moment. */
export const dayAndTime = (moment, timeZone) =>
  formatted(moment, timeZone, {dateStyle: 'medium', timeStyle: 'short'})

/** "tomorrow", "Friday", "24 Dec": the day of a moment there; nothing for today. */
function dayWords(moment, timeZone) {
  const day = dayOf(moment, timeZone)
  const days = daysUntil(day, timeZone)
  if (days === 0) return ''
  if (days === 1) return nearDay(days)
  const isNear = days > 1 && days < 7
  return calendarDay(day, isNear ? {weekday: 'long'} : {day: 'numeric', month: 'short'})
}

/** "17:00", "tomorrow 11:00", "Friday 11:00": a moment, and its day unless it is today. */
export function momentWords(moment, timeZone) {
  const day = dayWords(moment, timeZone)
  const time = clock(moment, timeZone)
  return day ? `${day} ${time}` : time
}

/** The day of the calendar (`YYYY-MM-DD`) of a moment in a time zone. */
export const dayOf = (moment, timeZone) =>
  formatted(moment, timeZone, {year: 'numeric', month: '2-digit', day: '2-digit'}, 'sv')

/** How many days it is from today there to a day of the calendar. */
export const daysUntil = (day, timeZone) =>
  (Date.parse(day) - Date.parse(dayOf(now(), timeZone))) / A_DAY_MS

/** "today", "tomorrow". */
export const nearDay = days =>
  new Intl.RelativeTimeFormat(locale, {numeric: 'auto'}).format(days, 'day')

/** A day of the calendar in a style of Intl's. */
export const calendarDay = (day, style) => formatted(`${day}T12:00:00Z`, 'UTC', style)

/** How long ago a moment (milliseconds) was: "12 s ago". */
export function ago(moment, at) {
  const seconds = Math.max(0, Math.round((at - moment) / 1000))
  const [n, unit] =
    seconds < 90 ? [seconds, 'second'] : [Math.round(seconds / 60), 'minute']
  const style = {style: 'narrow', numeric: 'always'}
  return new Intl.RelativeTimeFormat(locale, style).format(-n, unit)
}

function formatted(moment, timeZone, style, name = locale) {
  try {
    return new Intl.DateTimeFormat(name, {...style, timeZone}).format(dateOf(moment))
  } catch {
    return new Intl.DateTimeFormat(name, style).format(dateOf(moment))
  }
}

const dateOf = moment => new Date(moment)

function pick(key, values) {
  const found = words[key] ?? key
  if (typeof found === 'string') return found
  return found[plurals.select(Number(values.n))] ?? found.other
}

async function fetchWords(code) {
  const url = new URL(`../i18n/${code}.json`, import.meta.url)
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await fetch(url, {cache: 'no-cache'})
      if (answer.ok) return await answer.json()
      throw new Error(`status ${answer.status}`)
    } catch (error) {
      if (attempt >= TRIES) throw error
      await pause(500 * attempt)
    }
  }
}

function wanted() {
  const codes = [recall('language'), ...preferred().map(baseOf), 'en']
  return codes.find(code => code in LANGUAGES)
}

const preferred = () => navigator.languages ?? [navigator.language ?? 'en']
const baseOf = name => name.split('-')[0].toLowerCase()
