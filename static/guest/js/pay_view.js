/** An order that waits for its money: what is due, and how to pay it. */

import {html, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {PayBox} from './pay_box.js'
import {readyWords} from './ready.js'
import {openLayer} from './state.js'
import {Icon, lazy} from './ui.js'

const Receipt = lazy(() => import('./receipt.js').then(module => module.Receipt))

export function PayView(view) {
  return html`
    <section class="pay" aria-label=${t('pay.title')}>
      <${PayBox} ...${view} />
      <${ReadyAt} ...${view} />
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

function ReadyAt({order, restaurant}) {
  const words = readyWords(order, order.order_type, restaurant?.timezone)
  return words && html`<p class="ready-at"><${Icon} name="clock" /> ${words}</p>`
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
