/** The invoice: wallet button, QR code, copy, and how long it lives. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {call, now} from './api.js'
import {CopyButton} from './copy.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {money, sats} from './money.js'
import {worth} from './phase.js'
import {QrCode} from './qr.js'
import {openLayer} from './state.js'
import {Amount, Icon, Notice, Spinner, timeLeft} from './ui.js'

export function PayView({order, token, kept, at, ask}) {
  const {invoice, error, retry} = useInvoice(order, token, kept)
  return html`
    <section class="pay" aria-label=${t('pay.title')}>
      <p class="pay-order">${t('order.number', {n: order.number})}</p>
      <${Due} order=${order} />
      <${Standing} order=${order} />
      ${error && html`<${InvoiceTrouble} error=${error} retry=${retry} />`}
      ${!invoice && !error && html`<${Spinner} label=${t('pay.making')} />`}
      ${invoice && html`<${Invoice} invoice=${invoice} order=${order} at=${at} ask=${ask} />`}
      <div class="pay-ways">
        <button type="button" class="link" onClick=${() => openLayer({name: 'help'})}>
          ${t('pay.help')}
        </button>
        <button type="button" class="link" onClick=${() => openLayer({name: 'cancel'})}>
          ${t('cancel.button')}
        </button>
      </div>
    </section>
  `
}

/** The live invoice over exactly what is due: the one we got, else the server's. */
function useInvoice(order, token, kept) {
  const [invoice, setInvoice] = useState(() => fitting(kept?.invoice, order))
  const [error, setError] = useState(null)
  const [round, setRound] = useState(0)
  useEffect(() => {
    if (fitting(invoice, order)) return undefined
    let isWanted = true
    setInvoice(null)
    setError(null)
    const path = `/orders/${encodeURIComponent(order.id)}/invoice`
    call('POST', path, {headers: {'X-Order-Token': token}})
      .then(found => isWanted && setInvoice(found))
      .catch(trouble => isWanted && setError(trouble))
    return () => (isWanted = false)
  }, [order.id, order.due_msat, round])
  return {invoice, error, retry: () => setRound(n => n + 1)}
}

function fitting(invoice, order) {
  const fits = invoice?.amount_msat === order.due_msat
  return fits && Date.parse(invoice.expires_at) > now() ? invoice : null
}

function Due({order}) {
  const isRest = order.due_msat !== order.total_msat
  if (isRest || order.currency === 'sat') {
    return html`<h1 class="pay-amount"><${Amount}>${sats(order.due_msat)}<//></h1>`
  }
  return html`
    <h1 class="pay-amount"><${Amount}>${money(order.total, order.currency)}<//></h1>
    <p class="pay-sats"><${Amount}>${sats(order.total_msat)}<//></p>
  `
}

/** What already came, or is on its way without being booked. */
function Standing({order}) {
  const amount = msat => html`<${Amount}>${worth(msat, order)}<//>`
  if (order.paid_msat > 0) {
    const figures = {paid: amount(order.paid_msat), due: amount(order.due_msat)}
    return html`<${Notice} kind="warn" title=${t('pay.partly')}
      >${rich('pay.partly_text', figures)}<//
    >`
  }
  if (order.flags.includes('stuck_internal')) {
    return html`<${Notice} kind="warn" title=${t('pay.stuck')}
      >${t('pay.stuck_text')}<//
    >`
  }
  return null
}

const InvoiceTrouble = ({error, retry}) => html`
  <${Notice} kind="bad" role="alert">
    <p>${errorWords(error)}</p>
    <button type="button" class="secondary" onClick=${retry}>${t('retry')}</button>
  <//>
`

function Invoice({invoice, order, at, ask}) {
  const {payment_request: bolt11, expires_at: until} = invoice
  const left = timeLeft(Date.parse(order.expires_at ?? until), at)
  return html`
    <a class="primary wide open-wallet" href="lightning:${bolt11}">
      <${Icon} name="bolt" /> ${t('pay.open_wallet')}
    </a>
    <${BrowserWallet} bolt11=${bolt11} ask=${ask} />
    <figure class="qr-card">
      <${QrCode} text=${`LIGHTNING:${bolt11.toUpperCase()}`} label=${t('pay.qr')} />
      <figcaption>${t('pay.scan')}</figcaption>
    </figure>
    <${CopyButton} text=${bolt11} label="pay.copy" />
    <p class="pay-wait" role="status">
      <span class="pulse" aria-hidden="true"></span> ${t('pay.waiting')}
    </p>
    <p class="pay-timer">
      <${Icon} name="clock" />
      ${rich('pay.expires', {time: html`<bdi class="figures">${left}</bdi>`})}
    </p>
  `
}

/** A wallet inside the browser (WebLN). A failed payment is never repeated by itself. */
function BrowserWallet({bolt11, ask}) {
  const [state, setState] = useState('idle')
  if (!globalThis.webln) return null
  const pay = async () => {
    setState('busy')
    try {
      await globalThis.webln.enable()
      await globalThis.webln.sendPayment(bolt11)
      setState('sent')
    } catch {
      setState('failed')
    }
    ask()
  }
  return html`
    <button
      type="button"
      class="secondary wide"
      disabled=${state === 'busy' || state === 'sent'}
      onClick=${pay}
    >
      ${t('pay.webln')}
    </button>
    ${
      ['sent', 'failed'].includes(state) &&
      html`<${Notice} kind=${state === 'sent' ? 'good' : 'warn'}
        >${t(`pay.webln_${state}`)}<//
      >`
    }
  `
}
