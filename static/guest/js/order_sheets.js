/** "I paid and nothing happens", and taking an unpaid order back. */

import {html, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {CopyButton} from './copy.js'
import {errorWords} from './errors.js'
import {clock, t} from './i18n.js'
import {closeLayer} from './state.js'
import {Notice, Sheet} from './ui.js'
import {askOrder} from './watch.js'

/** Explains, asks the server again, and shows what the staff can look up. */
export function HelpSheet({order, restaurant, token, ask}) {
  const [asked, setAsked] = useState(null)
  const check = async () => {
    setAsked({state: 'busy'})
    try {
      const found = await askOrder(order.id, token)
      setAsked({state: found.paid_msat > 0 ? 'found' : 'nothing', at: Date.now()})
    } catch (error) {
      setAsked({state: 'failed', error})
    }
    ask()
  }
  return html`
    <${Sheet} label=${t('help.title')}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('help.title')}</h2>
        <p>${t('help.seconds')}</p>
        <p><strong>${t('help.once')}</strong></p>
        <button
          type="button"
          class="primary wide"
          disabled=${asked?.state === 'busy'}
          onClick=${check}
        >
          ${t('help.check')}
        </button>
        <div aria-live="polite">
          <${CheckResult} asked=${asked} timezone=${restaurant?.timezone} />
        </div>
        <h3 class="help-next">${t('help.show')}</h3>
        <${Proof} order=${order} />
        <p class="about">${t('help.failed_payment')}</p>
      </div>
    <//>
  `
}

function CheckResult({asked, timezone}) {
  if (!asked) return null
  if (asked.state === 'busy') return html`<p>${t('help.checking')}</p>`
  if (asked.state === 'found')
    return html`<${Notice} kind="good">${t('help.found')}<//>`
  if (asked.state === 'failed')
    return html`<${Notice} kind="bad">${errorWords(asked.error)}<//>`
  return html`<${Notice} kind="warn"
    >${t('help.nothing', {time: clock(asked.at, timezone)})}<//
  >`
}

/** What the staff can find the payment by. A Lightning order's id is its hash. */
const Proof = ({order}) => html`
  <dl class="proof">
    <div>
      <dt>${t('order.label')}</dt>
      <dd class="proof-number">${order.number}</dd>
    </div>
    <div>
      <dt>${t('help.hash')}</dt>
      <dd><code>${order.id}</code></dd>
    </div>
  </dl>
  <${CopyButton} text=${order.id} label="help.copy_hash" />
`

export function CancelSheet({order, token, ask}) {
  const [error, setError] = useState(null)
  const [isBusy, setBusy] = useState(false)
  const cancel = async () => {
    setBusy(true)
    try {
      const path = `/orders/${encodeURIComponent(order.id)}/cancel`
      await call('POST', path, {headers: {'X-Order-Token': token}})
      await ask()
      closeLayer()
    } catch (trouble) {
      setError(trouble)
      setBusy(false)
      ask()
    }
  }
  const footer = html`
    <button type="button" class="secondary grow" onClick=${closeLayer}>
      ${t('cancel.keep')}
    </button>
    <button type="button" class="danger grow" disabled=${isBusy} onClick=${cancel}>
      ${t('cancel.yes')}
    </button>
  `
  return html`
    <${Sheet} label=${t('cancel.title')} footer=${footer}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('cancel.title')}</h2>
        <p>${t('cancel.text')}</p>
        ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
      </div>
    <//>
  `
}
