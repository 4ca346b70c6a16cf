/** Where an order stands after (or without) its payment, in the guest's words. */

import {html, useState} from '../../vendor/htm-preact.js'
import {clock, momentWords, rich, t} from './i18n.js'
import {money} from './money.js'
import {keptOrder, orderUrl} from './orders.js'
import {GiftCardNews, PayBox} from './pay_box.js'
import {isOpenTab, moneyBack, readyBy, stepsOf, worth} from './phase.js'
import {go, openLayer} from './state.js'
import {Amount, Icon, Notice, placeWords, view as viewOf} from './ui.js'
import {inCoins, methodsTaken} from './ways.js'

const GOOD = new Set(['paid', 'accepted', 'ready', 'completed'])
const UNPAID_END = new Set(['time_up', 'expired', 'taken_back', 'canceled'])
const IN_THE_KITCHEN = new Set(['paid', 'accepted', 'ready'])
/** Faces that speak of money which should go back, as long as nothing is done. */
const MONEY_BACK = new Set([
  'late',
  'oversold',
  'unavailable',
  'canceled_paid',
  'canceled_late'
])

const LeaveTip = viewOf('./leave_tip.js', 'LeaveTip')
const Progress = viewOf('./line_progress.js', 'Progress')
const Receipt = viewOf('./receipt.js', 'Receipt')
const Refunds = viewOf('./refunds.js', 'Refunds')
const TabBox = viewOf('./tab_box.js', 'TabBox')
const WaitBar = viewOf('./wait_bar.js', 'WaitBar')

export function TrackView(view) {
  const {order, phase, restaurant, said} = view
  const onTheWay = GOOD.has(phase)
  const timezone = restaurant?.timezone
  return html`
    <${Head} ...${view} />
    ${!order.due_msat && html`<${GiftCardNews} said=${said} />`}
    ${IN_THE_KITCHEN.has(phase) && readyBy(order) && html`<${WaitBar} order=${order} timezone=${timezone} />`}
    <${Notices} ...${view} />
    ${isOpenTab(order) && html`<${TabBox} ...${view} />`}
    ${
      phase === 'part_paid' &&
      html`<section class="pay" aria-label=${t('pay.title')}>
        <${PayBox} ...${view} />
      </section>`
    }
    ${order.refunds.length > 0 && html`<${Refunds} ...${view} timezone=${timezone} />`}
    ${onTheWay && html`<${Steps} order=${order} timezone=${timezone} />`}
    ${onTheWay && phase !== 'completed' && html`<${Progress} ...${view} />`}
    ${!isOpenTab(order) && html`<${Actions} ...${view} />`}
    ${onTheWay && mayTip(order, restaurant) && html`<${LeaveTip} ...${view} />`}
    <${Details} ...${view} />
  `
}

/** Tips after the meal go by Lightning, where the restaurant takes any. */
const mayTip = (order, restaurant) =>
  Boolean(order.paid_at) &&
  restaurant?.tip_days > 0 &&
  methodsTaken(restaurant, order.order_type, order.currency).includes('lightning')

function Head({order, phase, restaurant}) {
  const where = placeWords({type: order.order_type, table: order.table})
  const tone = GOOD.has(phase) ? 'good' : UNPAID_END.has(phase) ? 'calm' : 'warn'
  return html`
    <section class="order-head ${tone} ${phase}" aria-live="polite">
      ${tone === 'good' && html`<span class="badge-check"><${Icon} name="check" /></span>`}
      <h1>${titleOf(order, phase)}</h1>
      <p class="order-say">
        <${Say} order=${order} phase=${phase} timezone=${restaurant?.timezone} />
      </p>
      <p class="order-number">
        <span>${t(order.is_tab ? 'tab.label' : 'order.label')}</span>
        <strong>${order.number}</strong>
        <span
          >${where}${order.customer_name ? html` · <bdi>${order.customer_name}</bdi>` : null}</span
        >
      </p>
    </section>
  `
}

const KINDS = {dine_in: 'table', delivery: 'delivery'}

/** Some are served, some get it brought, others come to the counter: words differ. */
function wordsFor(order, key) {
  const own = `${key}.${KINDS[order.order_type]}`
  return t(own) === own ? key : own
}

/** Words of its own: cooked before its cash has come, or money that is seen to. */
function faceOf(order, phase) {
  if (phase === 'accepted' && order.is_tab && order.due_msat > 0) return 'tab'
  if (phase === 'accepted' && isCashDue(order)) return 'cash'
  if (phase === 'paid' && order.alert_level > 1) return 'unheard'
  if (order.cancel_reason === 'unaccepted' && moneyBack(order) !== 'returned')
    return 'unaccepted'
  if (!MONEY_BACK.has(phase)) return phase
  const back = moneyBack(order)
  if (back === 'returned') return 'refunded'
  if (back !== 'coming') return phase
  return order.status === 'canceled' ? 'canceled_coming' : 'coming'
}

const titleOf = (order, phase) =>
  t(wordsFor(order, `say.${faceOf(order, phase)}.title`))

const isCashDue = order =>
  !order.is_tab &&
  order.payment_method === 'cash' &&
  !order.paid_at &&
  order.due_msat > 0

function Say({order, phase, timezone}) {
  const amount = html`<${Amount}>${worth(order.paid_msat, order)}<//>`
  const number = html`<strong>${order.number}</strong>`
  if (phase === 'accepted' && order.promised_at) {
    return rich(wordsFor(order, 'say.promised'), {
      time: html`<strong>${momentWords(order.promised_at, timezone)}</strong>`
    })
  }
  if (phase === 'paid' && order.pickup_at) {
    return rich(wordsFor(order, 'say.wanted'), {
      time: html`<strong>${momentWords(order.pickup_at, timezone)}</strong>`
    })
  }
  if (phase === 'merged') return html`<${Merged} order=${order} />`
  if (phase === 'canceled' && reasonOf(order))
    return rich('say.reason', reasonOf(order))
  return rich(wordsFor(order, `say.${faceOf(order, phase)}.text`), {amount, number})
}

/** Reasons that have words of their own. */
const OWN_REASONS = new Set(['staff', 'guest', 'expired', 'unaccepted', 'merged'])

/** Where the lines of a merged order are now; a link, if this device has that one. */
function Merged({order}) {
  const other = keptOrder(order.merged_into)
  const number = order.merged_number ?? other?.number
  if (!number) return t('say.merged.text')
  if (!other) return t('say.merged.number', {number})
  const onClick = event => {
    event.preventDefault()
    go(orderUrl(other))
  }
  return rich('say.merged.number', {
    number: html`<a href=${orderUrl(other)} onClick=${onClick}>${number}</a>`
  })
}

/** What the staff gave as their reason, for a text; null when they gave none. */
function reasonOf({cancel_reason: reason}) {
  const isOwn = reason && !OWN_REASONS.has(reason)
  return isOwn ? {reason: html`<q>${reason}</q>`} : null
}

function Notices(view) {
  const {order, phase} = view
  const back = order.owed_msat
  const amount = msat => html`<${Amount}>${worth(msat, order)}<//>`
  return html`
    ${isCashDue(order) && html`<${CashDue} ...${view} />`}
    ${
      MONEY_BACK.has(phase) &&
      reasonOf(order) &&
      html`<${Notice}>${rich('say.reason', reasonOf(order))}<//>`
    }
    ${
      back > 0 &&
      !MONEY_BACK.has(phase) &&
      html`<${Notice} kind="warn" title=${t('refund.due')}
        >${rich('refund.due_text', {amount: amount(back)})}<//
      >`
    }
  `
}

/** Cash for the staff; whoever wants to may pay another way. */
function CashDue(view) {
  const {order, restaurant} = view
  const [isOpen, setOpen] = useState(false)
  const sum = money(inCoins(order.due, order.currency, restaurant), order.currency)
  return html`
    <${Notice} kind="info"
      >${rich('cash.due', {amount: html`<${Amount}>${sum}<//>`})}<//
    >
    ${
      isOpen
        ? html`<section class="pay" aria-label=${t('pay.title')}>
            <${PayBox} ...${view} />
          </section>`
        : html`<button
            type="button"
            class="secondary wide"
            onClick=${() => setOpen(true)}
          >
            ${t('cash.otherwise')}
          </button>`
    }
  `
}

/** What is being waited for is said so: "Waiting to be accepted". */
function stepWords(key, state) {
  const waiting = `step.${key}.now`
  const words = t(waiting)
  return state === 'now' && words !== waiting ? words : t(`step.${key}`)
}

const Steps = ({order, timezone}) => html`
  <ol class="steps">
    ${stepsOf(order).map(
      ({key, at, state}) => html`
        <li class="step ${state}" aria-current=${state === 'now' ? 'step' : null}>
          <span class="dot">${state === 'done' && html`<${Icon} name="check" />`}</span>
          <span class="grow">${stepWords(key, state)}</span>
          ${at && state === 'done' && html`<time datetime=${at}>${clock(at, timezone)}</time>`}
          <span class="hidden">${t(`step.is_${state}`)}</span>
        </li>
      `
    )}
  </ol>
`

function Actions({phase, again, toMenu}) {
  const isUnpaidEnd = UNPAID_END.has(phase)
  const menu = event => {
    event.preventDefault()
    go(toMenu)
  }
  return html`
    <div class="order-actions">
      ${
        isUnpaidEnd &&
        again &&
        html`<button type="button" class="primary wide" onClick=${again}>
          ${t('again')}
        </button>`
      }
      ${
        toMenu &&
        html`<a
          class=${isUnpaidEnd ? 'link' : 'secondary wide'}
          href=${toMenu}
          onClick=${menu}
        >
          ${t(isUnpaidEnd ? 'to_menu' : 'order_more')}
        </a>`
      }
      ${
        isUnpaidEnd &&
        html`<button
          type="button"
          class="link"
          onClick=${() => openLayer({name: 'help'})}
        >
          ${t('pay.help')}
        </button>`
      }
    </div>
  `
}

const Details = view => html`
  <section class="details" aria-label=${t('order.details')}>
    <h2>${t('order.details')}</h2>
    <${Receipt} ...${view} />
  </section>
`
