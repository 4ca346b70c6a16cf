/** "Your orders on this device": the way back to what is still under way. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {t} from './i18n.js'
import {noteOrder, openOrders, orderUrl} from './orders.js'
import {go} from './state.js'
import {Icon} from './ui.js'

const ASKED_MAX = 5

export function OpenOrders() {
  const [orders, setOrders] = useState(openOrders)
  useEffect(() => {
    refresh(orders.slice(0, ASKED_MAX)).then(() => setOrders(openOrders()))
  }, [])
  if (!orders.length) return null
  return html`
    <section class="open-orders" aria-label=${t('orders.title')}>
      <h2>${t('orders.title')}</h2>
      <ul>
        ${orders.map(order => html`<${Row} key=${order.id} order=${order} />`)}
      </ul>
    </section>
  `
}

function Row({order}) {
  const onClick = event => {
    event.preventDefault()
    go(orderUrl(order))
  }
  return html`
    <li>
      <a
        class="open-order ${order.hasMoney ? 'pending' : order.status}"
        href=${orderUrl(order)}
        onClick=${onClick}
      >
        <span class="number">${order.number}</span>
        <span class="grow">
          <strong
            >${t(order.hasMoney ? 'short.money' : `short.${order.status}`)}</strong
          >
          <small>${order.restaurant}</small>
        </span>
        <${Icon} name="next" flips />
      </a>
    </li>
  `
}

/** What became of them meanwhile; an order that cannot be seen stays as it was. */
function refresh(orders) {
  return Promise.all(
    orders.map(async ({id, token}) => {
      const headers = {'X-Order-Token': token}
      const path = `/orders/${encodeURIComponent(id)}`
      const order = await call('GET', path, {headers, tries: 1}).catch(() => null)
      if (order) noteOrder(order, token)
    })
  )
}
