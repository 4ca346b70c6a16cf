/** Keeps a cart quoted: asks again when it changes or the quote runs out. */

import {ApiError, call, jitter, now} from './api.js'
import {bodyOf, quotedPart} from './cart_body.js'
import {observable} from './state.js'

const SETTLE_MS = 450
const NEARLY_OVER_MS = 10_000
const AGAIN_MS = 6_000
const AGAIN_MAX_MS = 60_000

/**
 * A watched quote: `{part, quote, error, busy, change}`.
 * `part` is what it is for; `change` tells a total that moved by itself.
 */
export class Quoter {
  constructor(cart, restaurant) {
    this.cart = cart
    this.restaurant = restaurant
    this.state = observable({
      part: '',
      quote: null,
      error: null,
      busy: false,
      change: null
    })
    this.run = 0
    this.wanted = '' // the part that is asked for, or was
    this.failures = 0
    this.timer = 0
    cart.watch(() => this.onCart())
    this.onCart()
  }

  onCart() {
    const cart = this.cart.get()
    if (!cart.lines.length) return this.clear()
    const part = quotedPart(cart)
    if (part === this.wanted) return
    this.wanted = part
    this.run++ // what is on its way is for another cart
    this.later(SETTLE_MS)
  }

  clear() {
    this.run++
    this.wanted = ''
    clearTimeout(this.timer)
    this.state.set({part: '', quote: null, error: null, busy: false, change: null})
  }

  later(ms) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.refresh(), ms)
  }

  /** The quote if it is for the cart as it is now. */
  get current() {
    const {part, quote} = this.state.get()
    return quote && part === quotedPart(this.cart.get()) ? quote : null
  }

  /** Milliseconds that the present quote still holds. */
  get holds() {
    return this.current ? Date.parse(this.current.expires_at) - now() : 0
  }

  /** Ask again unless the quote is good for a while yet. */
  ensure() {
    if (this.holds < NEARLY_OVER_MS && !this.state.get().busy) this.refresh()
  }

  async refresh() {
    clearTimeout(this.timer)
    const run = ++this.run
    const cart = this.cart.get()
    const part = (this.wanted = quotedPart(cart))
    this.state.set(old => ({...old, busy: true}))
    try {
      const quote = await this.ask(cart)
      if (run === this.run) this.accept(part, quote)
    } catch (error) {
      if (run === this.run) this.fail(part, error)
    }
  }

  /** Take over a quote, also one that came with a refusal. */
  accept(part, quote) {
    this.failures = 0
    const old = this.state.get()
    const moved = old.quote && old.part === part ? changeOf(old.quote, quote) : null
    const change = moved ?? (old.part === part ? old.change : null)
    this.state.set({part, quote, change, error: null, busy: false})
  }

  fail(part, error) {
    if (!(error instanceof ApiError)) throw error
    this.state.set(old => ({
      ...old,
      part,
      error,
      busy: false,
      quote: old.part === part ? old.quote : null
    }))
    const wait = Math.min(AGAIN_MS * 2 ** this.failures++, AGAIN_MAX_MS)
    if (error.isUnsure) this.later(jitter(wait))
  }

  /** A quote of a cart; one for the same cart before it lets the server say what moved. */
  ask(cart, tries) {
    const {part, quote} = this.state.get()
    const quote_id = quote && part === quotedPart(cart) ? quote.quote_id : null
    const body = {...bodyOf(cart, this.restaurant), quote_id}
    return call('POST', '/orders/quote', {body, tries})
  }

  /** Try the cart with these fields changed, and keep them if the server agrees. */
  async adopt(fields) {
    const next = {...this.cart.get(), ...fields}
    const quote = await this.ask(next, 1)
    this.run++
    clearTimeout(this.timer)
    this.wanted = quotedPart(next)
    this.accept(this.wanted, quote)
    this.cart.update(fields)
  }
}

function changeOf(before, after) {
  if (before.total_msat === after.total_msat) return null
  return {before, after, isPrice: before.total !== after.total}
}
