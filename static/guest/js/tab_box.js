/** An open tab: what is due, "Order more", "Pay now". */

import {html, useState} from '../../vendor/htm-preact.js'
import {setTab, tabOf} from './cart.js'
import {t} from './i18n.js'
import {money} from './money.js'
import {PayBox} from './pay_box.js'
import {go} from './state.js'
import {Amount, Icon, Notice} from './ui.js'

export function TabBox(view) {
  const {order, restaurant, token, toMenu, place} = view
  const [isPaying, setPaying] = useState(false)
  const mayAdd = toMenu && restaurant?.tabs_at_table && order.status !== 'completed'
  const isDue = order.due_msat > 0
  const more = () => {
    setTab(restaurant.slug, tabOf({...order, token}, place))
    go(toMenu)
  }
  const moreButton =
    mayAdd && html`<${More} isMain=${isDue && !isPaying} more=${more} />`
  if (!isDue)
    return html`
      <section class="tab-box" aria-label=${t('tab.label')}>
        ${order.paid_msat > 0 && html`<${Notice} kind="good">${t('tab.thanks')}<//>`}
        ${moreButton}
      </section>
    `
  if (isPaying)
    return html`
      <section class="tab-box" aria-label=${t('tab.label')}>
        <section class="pay" aria-label=${t('pay.title')}>
          <${PayBox} ...${view} />
        </section>
        ${moreButton}
      </section>
    `
  return html`
    <section class="tab-box" aria-label=${t('tab.label')}>
      <p class="tab-due">
        <span>${t('tab.due')}</span>
        <strong><${Amount}>${money(order.due, order.currency)}<//></strong>
      </p>
      ${moreButton}
      <button type="button" class="secondary wide" onClick=${() => setPaying(true)}>
        ${t('tab.pay')}
      </button>
    </section>
  `
}

const More = ({isMain, more}) => html`
  <button
    type="button"
    class=${isMain ? 'primary wide' : 'secondary wide'}
    onClick=${more}
  >
    <${Icon} name="plus" /> ${t('tab.more')}
  </button>
`
