/** Money that goes back: each refund, what it waits for, and how to get it. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {CopyButton} from './copy.js'
import {errorWords} from './errors.js'
import {dayAndTime, rich, t} from './i18n.js'
import {lnurlOf} from './lnurl.js'
import {money, sats} from './money.js'
import {QrCode} from './qr.js'
import {Amount, Icon} from './ui.js'

const LIGHTNING = new Set(['bolt11', 'lightning_address', 'lnurl', 'withdraw'])
const TONES = {waiting: 'waiting', sent: 'done', failed: 'failed'}

/** All refunds of an order. Taken-back ones are told only when nothing else is. */
export function Refunds({order, token, timezone, ask}) {
  const secrets = useSecrets(order, token)
  const standing = order.refunds.filter(refund => refund.status !== 'canceled')
  const shown = standing.length ? standing : order.refunds
  if (!shown.length) return null
  return html`
    <section class="refunds" aria-label=${t('refund.title')}>
      ${shown.map(
        refund => html`
          <${Refund}
            key=${refund.id}
            refund=${{...refund, ...secrets.get(refund.id)}}
            ...${{order, token, timezone, ask}}
          />
        `
      )}
    </section>
  `
}

/** What only the guest may know of the refunds, by their ids; not in live news. */
function useSecrets(order, token) {
  const [secrets, setSecrets] = useState(new Map())
  const states = order.refunds.map(each => [each.id, each.status, each.destination])
  const name = JSON.stringify(states)
  useEffect(() => {
    if (!order.refunds.length) return undefined
    let isWanted = true
    const path = `/orders/${encodeURIComponent(order.id)}/refunds`
    call('GET', path, {headers: {'X-Order-Token': token}})
      .then(({data}) => isWanted && setSecrets(new Map(data.map(secretsOf))))
      .catch(() => {})
    return () => (isWanted = false)
  }, [order.id, name])
  return secrets
}

const secretsOf = ({id, withdraw_path, lnurl, gift_card_code}) => [
  id,
  {withdraw_path, lnurl, gift_card_code}
]

/** requested, waiting (for the guest), on_way, sent, failed or canceled. */
function stateOf({status, destination}) {
  if (status === 'approved' && destination === 'withdraw') return 'waiting'
  return ['approved', 'sending'].includes(status) ? 'on_way' : status
}

function Refund({refund, order, token, timezone, ask}) {
  const state = stateOf(refund)
  const amount = html`<${Amount}>${money(refund.amount, refund.currency)}<//>`
  const overLightning = LIGHTNING.has(refund.destination)
  const mayMove = overLightning && ['requested', 'approved'].includes(refund.status)
  return html`
    <article class="refund ${TONES[state] ?? ''}">
      <h2>
        ${rich('refund.of', {amount})}<span class="hidden"> · </span>
        <span class="refund-state">${stateWords(state, overLightning)}</span>
      </h2>
      ${
        overLightning &&
        refund.currency !== 'sat' &&
        html`<p class="refund-sats"><${Amount}>${sats(refund.send_msat)}<//></p>`
      }
      <div role="status"><${Say} ...${{refund, state, order, timezone}} /></div>
      ${state === 'waiting' && html`<${Fetch} refund=${refund} timezone=${timezone} />`}
      ${refund.gift_card_code && html`<${NewCard} code=${refund.gift_card_code} />`}
      ${mayMove && html`<${Elsewhere} ...${{refund, token, ask}} />`}
    </article>
  `
}

const stateWords = (state, overLightning) =>
  t(state === 'sent' && !overLightning ? 'refund.done' : `refund.${state}`)

/** One or two sentences on where it stands. */
function Say({refund, state, order, timezone}) {
  const {destination, problem, value} = refund
  const number = html`<strong>${order.number}</strong>`
  if (state === 'requested') return html`<p>${t('refund.requested_text')}</p>`
  if (state === 'failed') {
    return html`
      <p>${t(`refund.problem.${problem ?? 'payment_failed'}`)}</p>
      <p>${rich('refund.ask_staff', {number})}</p>
    `
  }
  if (state === 'canceled')
    return html`<p>${rich('refund.canceled_text', {number})}</p>`
  if (state === 'sent') {
    const at = dayAndTime(refund.sent_at, timezone)
    return html`<p>
      ${t(`refund.sent.${destination}`, {time: at, value: short(value)})}
    </p>`
  }
  const hope = problem && t(`refund.later.${problem}`)
  if (state === 'waiting') return hope ? html`<p>${hope}</p>` : null
  const to = t(`refund.to.${destination}`, {value: short(value)})
  return html`<p>${to}</p>
    ${hope && html`<p>${hope}</p>`}`
}

/** An address as it is; an LNURL by its beginning and end. */
const short = value =>
  value && value.length > 40
    ? `${value.slice(0, 12)}…${value.slice(-6)}`
    : (value ?? '')

/** The LNURL to fetch it by. Whoever scans it gets the money. */
function Fetch({refund, timezone}) {
  const {lnurl, withdraw_path: path, expires_at: until} = refund
  if (!lnurl && !path) return html`<div class="invoice-wait"></div>`
  const code = (lnurl ?? lnurlOf(location.origin + path)).toUpperCase()
  return html`
    <div class="pay">
      <a class="primary wide open-wallet" href="lightning:${code}">
        <${Icon} name="bolt" /> ${t('pay.open_wallet')}
      </a>
      <figure class="qr-card">
        <${QrCode} text=${code} label=${t('refund.qr')} />
        <figcaption>${t('refund.scan')}</figcaption>
      </figure>
      <${CopyButton} text=${code} label="refund.copy" />
      ${
        until &&
        html`<p class="about">
          ${t('refund.until', {time: dayAndTime(until, timezone)})}
        </p>`
      }
    </div>
  `
}

const NewCard = ({code}) => html`
  <div class="pay">
    <code class="gift-code">${code}</code>
    <${CopyButton} text=${code} label="refund.copy_code" />
    <p class="about">${t('refund.keep_code')}</p>
  </div>
`

/** Another way by Lightning: an address, an invoice, or back to the QR code. */
function Elsewhere({refund, token, ask}) {
  const [value, setValue] = useState('')
  const [fault, setFault] = useState(null)
  const [isBusy, setBusy] = useState(false)
  const send = async body => {
    setBusy(true)
    setFault(null)
    try {
      const path = `/refunds/${encodeURIComponent(refund.id)}/destination`
      await call('POST', path, {body, headers: {'X-Order-Token': token}})
      setValue('')
      await ask()
    } catch (error) {
      setFault(faultWords(error, refund))
    }
    setBusy(false)
  }
  const onSubmit = event => {
    event.preventDefault()
    const body = destinationIn(value)
    if (body) send(body)
    else setFault(t('refund.unreadable'))
  }
  const isFetched = refund.destination === 'withdraw'
  return html`
    <details class="more">
      <summary>
        <span class="grow">${t(isFetched ? 'refund.elsewhere' : 'refund.change')}</span>
      </summary>
      <form onSubmit=${onSubmit} novalidate>
        <label class="field">
          <span>${t('refund.address')}</span>
          <textarea
            rows="2"
            value=${value}
            autocomplete="off"
            autocapitalize="off"
            spellcheck=${false}
            aria-invalid=${fault ? 'true' : null}
            onInput=${event => {
              setValue(event.target.value)
              setFault(null)
            }}
          ></textarea>
          <small class=${fault ? 'fault' : 'about'} aria-live="polite">
            ${fault ?? t('refund.address_hint', {amount: sats(refund.send_msat)})}
          </small>
        </label>
        <button type="submit" class="secondary wide" disabled=${isBusy}>
          ${t('refund.send')}
        </button>
        ${
          !isFetched &&
          html`<button
            type="button"
            class="link"
            disabled=${isBusy}
            onClick=${() => send({to: 'withdraw'})}
          >
            ${t('refund.by_qr')}
          </button>`
        }
      </form>
    </details>
  `
}

/** What was typed or pasted as a destination, or null. */
export function destinationIn(text) {
  const value = text
    .replace(/\s+/g, '')
    .toLowerCase()
    .replace(/^lightning:/, '')
  if (/^[^@]+@[^@]+\.[^@]+$/.test(value)) return {to: 'lightning_address', value}
  if (/^lnurl1[a-z0-9]+$/.test(value)) return {to: 'lnurl', value}
  if (/^ln(bc|tb|bcrt|sb|tbs)[a-z0-9]+$/.test(value)) return {to: 'bolt11', value}
  return null
}

/** The wrong amount is told in the guest's words, the rest as ever. */
function faultWords(error, refund) {
  if (error.code !== 'refund.invoice_amount') return errorWords(error)
  return t('refund.wrong_amount', {amount: sats(refund.send_msat)})
}
