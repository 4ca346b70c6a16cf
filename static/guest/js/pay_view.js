/** An order that waits for its money: what is due, and how to pay it. */

import {html, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {PayBox} from './pay_box.js'
import {openLayer} from './state.js'
import {lazy} from './ui.js'

const Receipt = lazy(() => import('./receipt.js').then(module => module.Receipt))

export function PayView(view) {
  return html`
    <section class="pay" aria-label=${t('pay.title')}>
      <${PayBox} ...${view} />
      <div class="pay-ways">
        <button type="button" class="link" onClick=${() => openLayer({name: 'help'})}>
          ${t('pay.help')}
        </button>
        ${
          !view.order.paid_msat &&
          html`<button
            type="button"
            class="link"
            onClick=${() => openLayer({name: 'cancel'})}
          >
            ${t('cancel.button')}
          </button>`
        }
      </div>
    </section>
    <${Bill} ...${view} />
  `
}

/** What the sum is made of, for whoever wants to see it before they pay. */
function Bill(view) {
  const [isOpen, setOpen] = useState(false)
  return html`
    <details class="more bill" onToggle=${event => setOpen(event.target.open)}>
      <summary><span class="grow">${t('bill.title')}</span></summary>
      ${isOpen && html`<${Receipt} ...${view} />`}
    </details>
  `
}
