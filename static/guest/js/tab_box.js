/** An open tab: what is due, "Order more", "Pay now". */

import {html, useState} from '../../vendor/htm-preact.js'
import {setTab} from './cart.js'
import {t} from './i18n.js'
import {money} from './money.js'
import {PayBox} from './pay_box.js'
import {go} from './state.js'
import {Amount, Icon, Notice} from './ui.js'

export function TabBox(view) {
  const {order, restaurant, token, toMenu} = view
  const [isPaying, setPaying] = useState(false)
  const mayAdd = toMenu && restaurant?.tabs_at_table && order.status !== 'completed'
  const isDue = order.due_msat > 0
  const more = () => {
    setTab(restaurant.slug, {id: order.id, token, number: order.number})
    go(toMenu)
  }
  return html`
    <section class="tab-box" aria-label=${t('tab.label')}>
      <p class="tab-due">
        <span>${t(isDue ? 'tab.due' : 'tab.all_paid')}</span>
        ${isDue && html`<strong><${Amount}>${money(order.due, order.currency)}<//></strong>`}
      </p>
      ${
        mayAdd &&
        html`<button
          type="button"
          class=${isPaying ? 'secondary wide' : 'primary wide'}
          onClick=${more}
        >
          <${Icon} name="plus" /> ${t('tab.more')}
        </button>`
      }
      ${
        isDue &&
        !isPaying &&
        html`<button
          type="button"
          class="secondary wide"
          onClick=${() => setPaying(true)}
        >
          ${t('tab.pay')}
        </button>`
      }
      ${
        isDue &&
        isPaying &&
        html`<section class="pay" aria-label=${t('pay.title')}>
          <${PayBox} ...${view} />
        </section>`
      }
      ${!isDue && order.paid_msat > 0 && html`<${Notice} kind="good">${t('tab.thanks')}<//>`}
    </section>
  `
}
