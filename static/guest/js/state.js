/** Values that views watch, things this device remembers, and the way back. */

import {useEffect, useState} from '../../vendor/htm-preact.js'

/** A value that can be watched: `get()`, `set(value or function)`, `watch(fn)`. */
export function observable(value) {
  const watchers = new Set()
  return {
    get: () => value,
    set(next) {
      value = typeof next === 'function' ? next(value) : next
      for (const watcher of [...watchers]) watcher(value)
    },
    watch(watcher) {
      watchers.add(watcher)
      return () => watchers.delete(watcher)
    }
  }
}

/**
 * The present value of an observable; the view renders anew when it changes, also
 * when that happens after it was drawn and before it watches.
 */
export function useValue(source) {
  const [, render] = useState(0)
  const drawn = source.get()
  useEffect(() => {
    const stop = source.watch(() => render(n => n + 1))
    if (drawn !== source.get()) render(n => n + 1)
    return stop
  }, [source])
  return drawn
}

// --- this device's memory -----------------------------------------------------

const PREFIX = 'restaurant.guest.'
const withoutStorage = new Map()

/** What was remembered under this name, or `otherwise`. */
export function recall(name, otherwise = null) {
  try {
    const text = localStorage.getItem(PREFIX + name) ?? withoutStorage.get(name)
    return text ? JSON.parse(text) : otherwise
  } catch {
    return withoutStorage.has(name) ? JSON.parse(withoutStorage.get(name)) : otherwise
  }
}

/** Keep a value past a reload; `null` forgets it. Without storage: for this page. */
export function remember(name, value) {
  const text = value === null ? null : JSON.stringify(value)
  withoutStorage.delete(name)
  try {
    if (text === null) localStorage.removeItem(PREFIX + name)
    else localStorage.setItem(PREFIX + name, text)
  } catch {
    if (text !== null) withoutStorage.set(name, text)
  }
}

/** Call `fn` when another tab changes what is remembered under this name. */
export function onOtherTab(name, fn) {
  addEventListener('storage', event => {
    if (event.key === PREFIX + name) fn()
  })
}

/** A random UUID; works on pages without https, too. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6] & 0x0f) | 0x40
  bytes[8] = (bytes[8] & 0x3f) | 0x80
  const hex = [...bytes].map(byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

// --- pages and the sheets above them --------------------------------------------
// Every open sheet is a step in the browser's history: "back" closes it.

const place = () => location.pathname + location.hash

/** The page's address: path and fragment. */
export const address = observable(place())
/** The open sheets, lowest first: `[{name, …}]`. */
export const layers = observable(history.state?.layers ?? [])

let isClosing = false
addEventListener('pageshow', () => (isClosing = false))

addEventListener('popstate', () => {
  isClosing = false
  layers.set(history.state?.layers ?? [])
  if (address.get() !== place()) address.set(place())
})

/** Open a sheet; tapped twice before it is drawn, it opens once. */
export function openLayer(layer) {
  const top = layers.get().at(-1)
  if (JSON.stringify(top) === JSON.stringify(layer)) return
  const open = [...layers.get(), layer]
  history.pushState({layers: open}, '')
  layers.set(open)
}

/** Close the uppermost sheet; false when it closes already: "back" takes a moment. */
export function closeLayer() {
  if (isClosing || !layers.get().length) return false
  isClosing = true
  history.back()
  return true
}

/** Go to another page of ours without loading it; open sheets are gone for good. */
export function go(url, open = []) {
  isClosing = false
  if (layers.get().length) history.replaceState({layers: []}, '')
  history.pushState({layers: open}, '', url)
  layers.set(open)
  address.set(place())
  scrollTo(0, 0)
}
