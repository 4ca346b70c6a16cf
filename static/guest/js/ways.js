/** The ways in which an order, or a guest's part of it, can be paid. */

import {useEffect, useState} from '../../vendor/htm-preact.js'
import {call, jitter, now} from './api.js'
import {decimalsIn, fromMinor, minorOf, toMinor} from './money.js'

/** As they stand on the page. */
const WAYS = ['lightning', 'cash', 'card', 'gift_card']
const AGAIN_MIN_MS = 5_000

/** The methods that a restaurant takes for this order type in this currency. */
export function methodsTaken({accepted_payments: rules = []}, orderType, currency) {
  const fits = rule => {
    const named = rule.method === 'lightning' ? 'sat' : currency
    const isForType = !rule.order_types.length || rule.order_types.includes(orderType)
    return isForType && (!rule.currencies.length || rule.currencies.includes(named))
  }
  return WAYS.filter(way => rules.some(rule => rule.method === way && fits(rule)))
}

/**
 * What this order's guest is offered: `{ways, cards, isPaused}`; `ways` is null until
 * it is known. `cards` are the providers that answer; `isPaused` says that there are
 * some, but none answers now.
 */
export function useWays(order, restaurant) {
  const taken = restaurant && methodsTaken(restaurant, order.order_type, order.currency)
  const takesCards = Boolean(taken?.includes('card'))
  const cards = useCards(restaurant?.id, takesCards)
  if (!taken || (takesCards && !cards)) return {ways: null, cards: [], isPaused: false}
  const well = (cards ?? []).filter(card => card.is_available)
  return {
    ways: taken.filter(way => way !== 'card' || well.length),
    cards: well.map(card => card.provider),
    isPaused: Boolean(cards?.length) && !well.length
  }
}

/** The card providers; one that was cut off is looked at again when it may be back. */
function useCards(restaurantId, isWanted) {
  const [cards, setCards] = useState(null)
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (!isWanted) return undefined
    let timer = 0
    let isHere = true
    call('GET', `/restaurants/${encodeURIComponent(restaurantId)}/card_providers`)
      .then(({data}) => {
        if (!isHere) return
        setCards(data)
        const until = data.map(card => Date.parse(card.again_at ?? '')).filter(Boolean)
        if (!until.length) return
        const wait = Math.max(Math.min(...until) - now(), AGAIN_MIN_MS)
        timer = setTimeout(() => setRound(n => n + 1), jitter(wait))
      })
      .catch(() => isHere && setCards(old => old ?? []))
    return () => {
      isHere = false
      clearTimeout(timer)
    }
  }, [restaurantId, isWanted, round])
  return cards
}

/** What is handed over in cash for this price text: to the nearest coin, halves up. */
export function inCoins(text, currency, restaurant) {
  const decimals = decimalsIn(text)
  const isOwn = restaurant?.currency === currency
  const coin = isOwn ? minorOf(restaurant.cash_step, decimals) : 1n
  const step = coin > 0n ? coin : 1n
  return fromMinor(((toMinor(text) * 2n + step) / (step * 2n)) * step, decimals)
}
