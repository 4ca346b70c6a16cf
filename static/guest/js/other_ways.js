/** Paying at the counter, by card, and with a gift card. */

import {html, useLayoutEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {fromMinor, decimalsIn, money, toMinor} from './money.js'
import {balanceOf, openCheckout, usePay} from './paying.js'
import {Amount, Icon, Notice} from './ui.js'
import {inCoins} from './ways.js'

const PROVIDERS = {
  paypal: 'PayPal',
  revolut: 'Revolut',
  square: 'Square',
  stripe: 'Stripe'
}
const CODE_LENGTH = 16

const nameOf = provider => PROVIDERS[provider] ?? provider

/** The order's number, large: the staff find the order by it. */
export function CounterPay({order, bill, restaurant, pick}) {
  const sum = money(inCoins(bill.due, order.currency, restaurant), order.currency)
  return html`
    <div class="counter" role="status">
      <p>${t('counter.show')}</p>
      <strong class="counter-number">${order.number}</strong>
      <p>
        ${rich('counter.sum', {amount: html`<strong><${Amount}>${sum}<//></strong>`})}
      </p>
    </div>
    <p class="about">${t('counter.begins')}</p>
    <button type="button" class="secondary wide" onClick=${() => pick('lightning')}>
      <${Icon} name="bolt" /> ${t('counter.back')}
    </button>
  `
}

/** By card, on the provider's own page; no card's number comes near this one. */
export function CardPay({order, bill, token, cards, at}) {
  const [{isBusy, error}, setState] = useState({isBusy: false, error: null})
  const pay = usePay(order, token)
  const begun = openCheckout(order, bill, at)
  const isHere = useRef(true)
  useLayoutEffect(() => () => (isHere.current = false), [])
  const open = async provider => {
    setState({isBusy: true, error: null})
    const body = {method: 'card', provider, share_id: bill.share_id ?? undefined}
    // Without the fragment: the provider must not learn the order's token.
    const return_to = `/restaurant/o/${encodeURIComponent(order.id)}`
    try {
      const {payment} = await pay({...body, return_to})
      if (isHere.current) location.assign(payment.checkout_url)
    } catch (trouble) {
      setState({isBusy: false, error: trouble})
    }
  }
  const amount = html`<${Amount}>${money(bill.due, order.currency)}<//>`
  if (begun) return html`<${Begun} payment=${begun} amount=${amount} />`
  return html`
    ${cards.map(
      provider => html`
        <button
          key=${provider}
          type="button"
          class="primary wide"
          disabled=${isBusy}
          onClick=${() => open(provider)}
        >
          <${Icon} name="card" />
          <span>
            ${
              cards.length > 1
                ? rich('card.pay_with', {amount, provider: nameOf(provider)})
                : rich('card.pay', {amount})
            }
          </span>
        </button>
      `
    )}
    <p class="about">
      ${t('card.about', {provider: cards.map(nameOf).join(', ') || t('way.card')})}
    </p>
    ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
  `
}

/** A checkout that waits: back from it, or not there yet. */
const Begun = ({payment, amount}) => html`
  <p class="pay-wait" role="status">
    <span class="pulse" aria-hidden="true"></span> ${t('card.waiting')}
  </p>
  <p class="about">${t('card.waiting_text')}</p>
  <a class="primary wide" href=${payment.checkout_url} rel="noreferrer">
    <${Icon} name="card" />
    <span>${rich('card.go_on', {amount})}</span>
  </a>
`

/** As much of the bill as the card holds; what is left is paid another way. */
export function GiftCardPay({order, bill, token, say, pick}) {
  const [code, setCode] = useState('')
  const [fault, setFault] = useState(null)
  const {isBusy, pay} = usePayingWithCard(order, bill, token, setFault)
  const onSubmit = async event => {
    event.preventDefault()
    const plain = plainCode(code)
    if (plain.length !== CODE_LENGTH) return setFault(t('error.gift_card.code'))
    const paid = await pay(plain)
    if (!paid) return undefined
    say(paid)
    return pick(null)
  }
  return html`
    <form class="gift-card" onSubmit=${onSubmit} novalidate>
      <label class="field">
        <span>${t('gift_card.code')}</span>
        <input
          class="code"
          value=${code}
          placeholder="XXXX-XXXX-XXXX-XXXX"
          autocomplete="off"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck=${false}
          enterkeyhint="go"
          maxlength="60"
          aria-invalid=${fault ? 'true' : null}
          aria-describedby="gift-card-fault"
          onInput=${event => {
            setCode(event.target.value)
            setFault(null)
          }}
        />
        <small
          id="gift-card-fault"
          class=${fault ? 'fault' : 'about'}
          aria-live="polite"
        >
          ${fault ?? t('gift_card.hint')}
        </small>
      </label>
      <button type="submit" class="primary wide" disabled=${isBusy}>
        <${Icon} name="gift" /> ${t('gift_card.pay')}
      </button>
    </form>
  `
}

/** Letters and digits as they are printed, however they were typed. */
const plainCode = text => text.toUpperCase().replace(/[^\p{L}\p{N}]/gu, '')

/** `pay(code)` answers `{paid, left, currency}`, in price texts, or null. */
function usePayingWithCard(order, bill, token, setFault) {
  const [isBusy, setBusy] = useState(false)
  const pay = usePay(order, token)
  const payWith = async code => {
    setBusy(true)
    setFault(null)
    try {
      const before = await balanceOf(order.restaurant_id, code)
      const body = {method: 'gift_card', gift_card_code: code}
      const taken = await pay({...body, share_id: bill.share_id ?? undefined})
      const {amount, currency} = taken.payment
      const left = toMinor(before.balance) - toMinor(amount)
      const decimals = decimalsIn(amount)
      return {paid: amount, left: fromMinor(left, decimals), currency}
    } catch (error) {
      setFault(errorWords(error))
      return null
    } finally {
      setBusy(false)
    }
  }
  return {isBusy, pay: payWith}
}
