/** What is due of an order or of a share of it, what came already, the ways to pay. */

import {html, useState} from '../../vendor/htm-preact.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {LightningPay} from './lightning_pay.js'
import {decimalsIn, fromMinor, money, sats, toMinor} from './money.js'
import {hasArrived, openCheckout, switchMethod} from './paying.js'
import {worth} from './phase.js'
import {shareName} from './split.js'
import {openLayer} from './state.js'
import {Amount, Icon, lazy, Notice, timeLeft} from './ui.js'
import {useWays} from './ways.js'

const ICONS = {lightning: 'bolt', cash: 'cash', card: 'card', gift_card: 'gift'}
const otherWay = name => lazy(() => import('./other_ways.js').then(ways => ways[name]))
const PANELS = {
  lightning: LightningPay,
  cash: otherWay('CounterPay'),
  card: otherWay('CardPay'),
  gift_card: otherWay('GiftCardPay')
}
const Shares = lazy(() => import('./shares.js').then(module => module.Shares))

/** The whole bill; once it is split the shares, and the one that the guest chose. */
export function PayBox(view) {
  const {order, at, said, splitting} = view
  const {split} = splitting
  const [chosen, choose] = useState(null)
  const own = split?.shares.find(share => share.id === chosen)
  const share = own?.status === 'paid' ? null : own
  const isList = split && !share && chosen !== 'rest'
  const bill = billOf(share ?? order, share)
  return html`
    <${Head} ...${{order, bill, split, share}} />
    ${!share && html`<${GiftCardNews} said=${said} /><${Progress} order=${order} />`}
    ${order.flags.includes('stuck_internal') && html`<${Stuck} />`}
    ${
      isList
        ? html`<${Shares} ...${view} paid=${own} choose=${choose} />`
        : html`<${Ways} key=${bill.share_id} ...${view} bill=${bill} />`
    }
    ${order.status === 'pending' && html`<${Clock} until=${order.expires_at} at=${at} />`}
    ${!split && order.due_msat > 0 && html`<${SplitButton} />`}
    ${
      split &&
      !isList &&
      html`<button type="button" class="link" onClick=${() => choose(null)}>
        ${t('split.back')}
      </button>`
    }
  `
}

/** What is to be paid: `{due, due_msat, share_id}` of an order or of a share. */
const billOf = ({due, due_msat}, share) => ({
  due,
  due_msat,
  share_id: share?.id ?? null
})

function Head({order, bill, split, share}) {
  const words = t('order.number', {n: order.number})
  const title = order.status === 'pending' ? 'h1' : 'h2' // else the page has one
  return html`
    <p class="pay-order">${share ? `${words} · ${shareName(share, split)}` : words}</p>
    <${title} class="pay-amount"><${Amount}>${money(bill.due, order.currency)}<//><//>
    ${
      order.currency !== 'sat' &&
      html`<p class="pay-sats"><${Amount}>${sats(bill.due_msat)}<//></p>`
    }
  `
}

/** What a gift card just paid, and what is left on it. */
export const GiftCardNews = ({said}) =>
  said &&
  html`
    <${Notice} kind="good">
      ${rich('gift_card.paid', {
        paid: html`<${Amount}>${money(said.paid, said.currency)}<//>`,
        left: html`<${Amount}>${money(said.left, said.currency)}<//>`
      })}
    <//>
  `

/** The way to a split, while something is due. */
const SplitButton = () => html`
  <button type="button" class="link" onClick=${() => openLayer({name: 'split'})}>
    <${Icon} name="people" /> ${t('split.button')}
  </button>
`

/** What came so far, once something did. */
function Progress({order}) {
  if (!order.paid_msat) return null
  const {currency, due, total} = order
  const paid = fromMinor(toMinor(total) - toMinor(due), decimalsIn(total))
  return html`
    <section class="progress" aria-label=${t('progress.title')}>
      <progress
        max=${order.total_msat}
        value=${order.paid_msat}
        aria-label=${t('progress.title')}
      ></progress>
      <dl>
        <div>
          <dt>${t('progress.paid')}</dt>
          <dd><${Amount}>${money(paid, currency)}<//></dd>
        </div>
        <div>
          <dt>${t('progress.due')}</dt>
          <dd><${Amount}>${money(due, currency)}<//></dd>
        </div>
      </dl>
      <ul>
        ${order.payments
          .filter(hasArrived)
          .map(
            payment =>
              html`<${Arrived} key=${payment.id} payment=${payment} order=${order} />`
          )}
      </ul>
    </section>
  `
}

function Arrived({payment, order}) {
  const {amount, currency, method, received_msat: msat} = payment
  const shown = amount === null ? worth(msat, order) : money(amount, currency)
  return html`
    <li>
      <${Icon} name="check" />
      <span>${t(`way.${method}`)} · <${Amount}>${shown}<//></span>
    </li>
  `
}

const Stuck = () => html`
  <${Notice} kind="warn" title=${t('pay.stuck')}>${t('pay.stuck_text')}<//>
`

function Clock({until, at}) {
  if (!until) return null
  const left = timeLeft(Date.parse(until), at)
  return html`
    <p class="pay-timer">
      <${Icon} name="clock" />
      ${rich('pay.expires', {time: html`<bdi class="figures">${left}</bdi>`})}
    </p>
  `
}

/** The ways to pay a bill, and the one that is open. */
function Ways(view) {
  const {order, bill, restaurant, at} = view
  const {ways, cards, isPaused} = useWays(order, restaurant)
  const {picked, pick, busy, error} = usePick(view)
  const mayPayCash = order.status === 'pending' && !bill.share_id
  const offered = ways?.filter(way => way !== 'cash' || mayPayCash)
  const way = offered?.includes(picked) ? picked : usualWay(order, bill, offered, at)
  const Panel = PANELS[way]
  return html`
    <${Tiles} offered=${offered} way=${way} busy=${busy} pick=${pick} />
    ${isPaused && html`<p class="about">${t('card.paused')}</p>`}
    ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
    <div class="pay-panel">
      ${
        Panel
          ? html`<${Panel} key=${way} ...${view} cards=${cards} pick=${pick} />`
          : html`<${Notice}>${t('pay.staff')}<//>`
      }
    </div>
  `
}

/** What the guest picked; going to the counter and coming back is told the server. */
function usePick({order, bill, token, take}) {
  const [state, setState] = useState({picked: null, busy: null, error: null})
  const pick = async way => {
    const isWhole = order.status === 'pending' && !bill.share_id
    const moves = way === 'cash' || (way === 'lightning' && isWhole)
    if (!moves || order.payment_method === way) {
      return setState({picked: way, busy: null, error: null})
    }
    setState(old => ({...old, busy: way, error: null}))
    try {
      take(await switchMethod(order, token, way))
      const picked = way === 'cash' ? null : way // the order itself says so
      setState({picked, busy: null, error: null})
    } catch (error) {
      setState(old => ({...old, busy: null, error}))
    }
    return undefined
  }
  return {...state, pick}
}

/** The way that is open before the guest picks one. */
function usualWay(order, bill, offered, at) {
  const mayBe = way => !offered || offered.includes(way)
  const isAtCounter = order.payment_method === 'cash' && order.status === 'pending'
  if (isAtCounter && !bill.share_id && mayBe('cash')) return 'cash'
  if (openCheckout(order, bill, at) && mayBe('card')) return 'card'
  return mayBe('lightning') ? 'lightning' : offered[0]
}

/** Its place is kept until the ways are known. */
function Tiles({offered, way, busy, pick}) {
  if (offered && offered.length < 2) return null
  return html`
    <div class="pay-tiles" role="group" aria-label=${t('pay.how')}>
      ${(offered ?? []).map(
        each => html`
          <button
            key=${each}
            type="button"
            class="pay-tile"
            aria-pressed=${each === way ? 'true' : 'false'}
            aria-busy=${each === busy ? 'true' : null}
            disabled=${busy !== null && each !== busy}
            onClick=${() => pick(each)}
          >
            <${Icon} name=${ICONS[each]} />
            <span>${t(`way.${each}`)}</span>
          </button>
        `
      )}
    </div>
  `
}
