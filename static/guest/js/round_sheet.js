/** The cart while a tab is open: its lines go to the kitchen now, they are paid later. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {ApiError, jitter, online} from './api.js'
import {setTab} from './cart.js'
import {CartLines, troublesOf} from './cart_lines.js'
import {estimate} from './choices.js'
import {errorWords, lineTroubleIn} from './errors.js'
import {rich, t} from './i18n.js'
import {money} from './money.js'
import {faceOf, noteOrder, orderUrl} from './orders.js'
import {mayStillCome} from './placing.js'
import {sendRound, unfinishedRound} from './rounds.js'
import {go, useValue} from './state.js'
import {Amount, Notice, Sheet, Spinner} from './ui.js'

const AGAIN_MS = 5_000
const IDLE = {isSending: false, error: null}
/** The tab itself is over: what is in the cart may still be ordered anew. */
const TAB_OVER = new Set([
  'order.edit',
  'order.has_refunds',
  'order.rounds',
  'split.begun',
  'tab.forbidden'
])

export function RoundSheet(shop) {
  const {cart, items, restaurant, tab, reload} = shop
  const value = useValue(cart)
  const sending = useSending({cart, tab, restaurant, reload})
  const isOnline = useValue(online)
  if (sending.isSending) return html`<${OnItsWay} />`
  const {error} = sending
  const troubles = troublesOf(value, items, error, restaurant.timezone)
  const view = {...shop, value, troubles, quote: null}
  const sum = estimate(value, items)
  const blocked = !isOnline || !value.lines.length || troubles.some(Boolean)
  const amount = sum && html`<${Amount}>${money(sum.price, sum.currency)}<//>`
  const words = !isOnline
    ? t('cart.offline')
    : troubles.some(Boolean)
      ? t('cart.troubled')
      : rich('tab.add', {amount})
  const footer = html`
    <div class="grow">
      ${error && !isOfLine(error, troubles, restaurant) && html`<${Refused} ...${{error, ...shop}} />`}
      <p class="quote-clock">${t('tab.paid_later')}</p>
      <button
        type="button"
        class="primary wide"
        aria-disabled=${blocked ? 'true' : null}
        onClick=${() => blocked || sending.send()}
      >
        <span>${words}</span>
      </button>
    </div>
  `
  return html`
    <${Sheet} wide label=${t('cart.title')} footer=${value.lines.length > 0 && footer}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('cart.title')}</h2>
        ${
          value.lines.length
            ? html`<${CartLines} ...${view} />`
            : html`<p class="empty">${t('cart.empty')}</p>`
        }
      </div>
    <//>
  `
}

const isOfLine = (error, troubles, {timezone}) =>
  lineTroubleIn(error, timezone) && troubles.some(Boolean)

/** `{isSending, error, send}`; a reload goes on where it was. */
function useSending({cart, tab, restaurant, reload}) {
  const [state, setState] = useState(() => ({
    ...IDLE,
    isSending: Boolean(unfinishedRound(tab))
  }))
  const attempt = async isAgain => {
    if (isAgain && !unfinishedRound(tab)) return setState(IDLE)
    setState({...IDLE, isSending: true})
    try {
      const order = await sendRound(tab, cart, isAgain)
      noteOrder(order, tab.token, {seen: faceOf(order)})
      cart.empty()
      go(orderUrl(tab))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setState({error, isSending: mayStillCome(error)})
      if (error.facts.line !== undefined) reload()
    }
  }
  useEffect(() => {
    if (state.isSending) attempt(true)
  }, [])
  useEffect(() => {
    if (!state.isSending || !state.error) return undefined
    const timer = setTimeout(() => attempt(true), jitter(AGAIN_MS))
    return () => clearTimeout(timer)
  }, [state])
  return {...state, restaurant, send: () => attempt(false)}
}

/** Why not; where the tab itself is in the way, the way out. */
function Refused({error, restaurant, tab}) {
  const isOver = TAB_OVER.has(error.code) || error.status === 404
  return html`
    <${Notice} kind="bad" role="alert">
      ${isOver ? t('tab.over') : errorWords(error, restaurant)}
      ${
        error.code === 'tab.limit' &&
        html`<button type="button" class="secondary" onClick=${() => go(orderUrl(tab))}>
          ${t('tab.pay_some')}
        </button>`
      }
      ${
        isOver &&
        html`<button
          type="button"
          class="secondary"
          onClick=${() => setTab(restaurant.slug, null)}
        >
          ${t('tab.leave')}
        </button>`
      }
    <//>
  `
}

const OnItsWay = () => html`
  <${Sheet} wide label=${t('placing.title')}>
    <div class="sheet-body big-message" role="status">
      <${Spinner} label=${t('placing.title')} />
      <h2>${t('placing.title')}</h2>
      <p>${t('placing.text')}</p>
    </div>
  <//>
`
