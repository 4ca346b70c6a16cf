/** "Adding to your tab": what is ordered now is paid with the rest, at the end. */

import {html, useEffect} from '../../vendor/htm-preact.js'
import {openTab, setTab} from './cart.js'
import {t} from './i18n.js'
import {orderUrl} from './orders.js'
import {go} from './state.js'
import {askOrder} from './watch.js'
import {Icon} from './ui.js'

export function TabBanner({restaurant, tab}) {
  useEffect(() => leaveWhenOver(restaurant, tab), [tab.id])
  const toTab = event => {
    event.preventDefault()
    go(orderUrl(tab))
  }
  return html`
    <section class="tab-banner" aria-label=${t('tab.adding', {n: tab.number})}>
      <${Icon} name="table" />
      <div class="grow">
        <strong>${t('tab.adding', {n: tab.number})}</strong>
        <p>
          <a class="link" href=${orderUrl(tab)} onClick=${toTab}>${t('tab.see')}</a>
          <button
            type="button"
            class="link"
            onClick=${() => setTab(restaurant.slug, null)}
          >
            ${t('tab.leave')}
          </button>
        </p>
      </div>
    </section>
  `
}

/** A tab that was paid or closed meanwhile takes nothing more. */
function leaveWhenOver(restaurant, tab) {
  const leave = () => {
    const isStill = openTab(restaurant.slug).get()?.id === tab.id
    if (isStill) setTab(restaurant.slug, null)
  }
  askOrder(tab.id, tab.token)
    .then(order => {
      const isOpen = ['accepted', 'ready'].includes(order.status)
      if (!isOpen || !order.is_tab || order.merged_into) leave()
    })
    .catch(error => error.status === 404 && leave())
}
