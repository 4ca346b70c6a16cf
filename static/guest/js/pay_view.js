/** An order that waits for its money: what is due, and how to pay it. */

import {html} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {PayBox} from './pay_box.js'
import {openLayer} from './state.js'

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
  `
}
