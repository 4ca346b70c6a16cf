/** The invoice: wallet button, QR code, copy, and how long it lives. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {call, now} from './api.js'
import {CopyButton} from './copy.js'
import {errorWords} from './errors.js'
import {t} from './i18n.js'
import {QrCode} from './qr.js'
import {uuid} from './state.js'
import {Icon, Notice, Spinner} from './ui.js'

const MSAT_PER_SAT = 1000
/** Invoices of this page by what they are over, so that looking away costs nothing. */
const made = new Map()

export function LightningPay({order, bill, token, kept, ask}) {
  const {invoice, error, retry} = useInvoice(order, bill, token, kept)
  if (error) return html`<${InvoiceTrouble} error=${error} retry=${retry} />`
  if (!invoice) return html`<${Waiting} />`
  return html`<${Invoice} bolt11=${invoice.payment_request} ask=${ask} />`
}

/** The live invoice over exactly what is due: the one we got, else the server's. */
function useInvoice(order, bill, token, kept) {
  const name = [order.id, bill.share_id, bill.due_msat].join()
  const own = bill.share_id ? null : fitting(kept?.invoice, bill)
  const known = fitting(made.get(name), bill) ?? own
  const [error, setError] = useState(null)
  const [, setRound] = useState(0)
  const again = () => setRound(n => n + 1)
  useEffect(() => {
    if (known) {
      const left = Date.parse(known.expires_at) - now()
      const timer = setTimeout(again, left + 50)
      return () => clearTimeout(timer)
    }
    if (error || isTimeUp(order)) return undefined
    let isWanted = true
    makeInvoice(order, bill, token)
      .then(found => {
        made.set(name, found)
        if (isWanted) again()
      })
      .catch(trouble => isWanted && setError(trouble))
    return () => (isWanted = false)
  }, [name, known?.payment_request, error])
  return {invoice: known, error, retry: () => setError(null)}
}

/** A new invoice would keep an order waiting that nobody wants any more. */
const isTimeUp = ({status, expires_at: until}) =>
  status === 'pending' && Boolean(until) && Date.parse(until) <= now()

function makeInvoice(order, bill, token) {
  const path = `/orders/${encodeURIComponent(order.id)}`
  const headers = {'X-Order-Token': token}
  if (!bill.share_id) return call('POST', `${path}/invoice`, {headers})
  const body = {method: 'lightning', share_id: bill.share_id}
  headers['Idempotency-Key'] = uuid()
  return call('POST', `${path}/payments`, {body, headers}).then(taken => taken.invoice)
}

/** An invoice for this bill that lives; invoices are over whole satoshi. */
function fitting(invoice, {due_msat: due}) {
  const fits = invoice && Math.abs(invoice.amount_msat - due) < MSAT_PER_SAT
  return fits && Date.parse(invoice.expires_at) > now() ? invoice : null
}

const InvoiceTrouble = ({error, retry}) => html`
  <${Notice} kind="bad" role="alert">
    <p>${errorWords(error)}</p>
    <button type="button" class="secondary" onClick=${retry}>${t('retry')}</button>
  <//>
`

/** As large as what comes, so that nothing jumps. */
const Waiting = () => html`
  <div class="invoice-wait"><${Spinner} label=${t('pay.making')} /></div>
`

/** Every way to hand an invoice to a wallet. */
export function Invoice({bolt11, ask}) {
  return html`
    <a class="primary wide open-wallet" href="lightning:${bolt11}">
      <${Icon} name="bolt" /> ${t('pay.open_wallet')}
    </a>
    <${BrowserWallet} key=${bolt11} bolt11=${bolt11} ask=${ask} />
    <figure class="qr-card">
      <${QrCode} text=${`LIGHTNING:${bolt11.toUpperCase()}`} label=${t('pay.qr')} />
      <figcaption>${t('pay.scan')}</figcaption>
    </figure>
    <${CopyButton} text=${bolt11} label="pay.copy" />
    <p class="pay-wait" role="status">
      <span class="pulse" aria-hidden="true"></span> ${t('pay.waiting')}
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
