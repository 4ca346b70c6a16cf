/** Sending an order from the cart, and what its answers do to the cart. */

import {useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {ApiError, jitter} from './api.js'
import {setTab, tabOf} from './cart.js'
import {quotedPart} from './cart_body.js'
import {orderUrl} from './orders.js'
import {mayStillCome, place, resume, unfinished} from './placing.js'
import {go} from './state.js'

const TOO_SOON_OVER_MS = 3_000
const AGAIN_MS = 5_000
const IDLE = {isSending: false, isUnsure: false, error: null}

/** `{isSending, isUnsure, error, send, again}`; a reload goes on where it was. */
export function usePlacing({cart, restaurant, quoter, reload}) {
  const [state, setState] = useState(() => ({
    ...IDLE,
    isSending: Boolean(unfinished(restaurant.slug))
  }))
  const part = quotedPart(cart.get())
  useEffect(() => {
    setState(old => (old.isSending ? old : IDLE))
  }, [part])
  const attempt = async work => {
    setState({...IDLE, isSending: true})
    try {
      const kept = await work()
      if (cart.get().method === 'tab') setTab(restaurant.slug, tabOf(kept, kept.place))
      cart.empty()
      go(orderUrl(kept))
    } catch (error) {
      setState({
        ...IDLE,
        error,
        isSending: mayStillCome(error),
        isUnsure: mayStillCome(error)
      })
      if (!(error instanceof ApiError)) throw error
      if (error.facts.line !== undefined || error.code === 'menu.changed') reload()
      return error
    }
    return null
  }
  const again = () => attempt(() => resume(restaurant, cart.get().place))
  const order = async () => {
    const agreed = quoter.current
    if (quoter.holds < TOO_SOON_OVER_MS && !(await renewed(quoter, agreed))) return
    const refusal = await attempt(() => place(cart.get(), restaurant, quoter))
    if (refusal && takeQuoteOf(refusal, cart, quoter) === agreed.total_msat) {
      await attempt(() => place(cart.get(), restaurant, quoter))
    }
  }
  const ordering = useRef(null)
  const send = () => {
    // While a quote is renewed the button can be tapped once more.
    ordering.current ??= order().finally(() => (ordering.current = null))
    return ordering.current
  }
  useEffect(() => {
    if (state.isSending && !state.isUnsure) again()
  }, [])
  useEffect(() => {
    if (!state.isUnsure) return undefined
    const timer = setTimeout(again, jitter(AGAIN_MS))
    return () => clearTimeout(timer)
  }, [state])
  return {...state, error: state.isSending ? null : state.error, send, again}
}

/** Renew a quote that is about to end; false when its total is another. */
async function renewed(quoter, agreed) {
  await quoter.refresh()
  return quoter.current?.total_msat === agreed.total_msat
}

/** A refusal may bring a fresh quote: show it; answers its total. */
function takeQuoteOf({facts}, cart, quoter) {
  if (!facts.quote) return null
  quoter.accept(quotedPart(cart.get()), facts.quote)
  return facts.quote.total_msat
}
