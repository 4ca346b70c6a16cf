/** One order: pay it, then follow it to the table. */

import {html, useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {t} from './i18n.js'
import {
  faceOf,
  freshOrder,
  freshRestaurant,
  keptOrder,
  menuUrl,
  noteOrder
} from './orders.js'
import {PayView} from './pay_view.js'
import {phaseOf} from './phase.js'
import {useSplit} from './split.js'
import {go, layers, useValue} from './state.js'
import {CallButton, Icon, LanguageSwitch, useNow, view as viewOf} from './ui.js'
import {Watch} from './watch.js'

const BUZZ_MS = 200
const SETTLED_MS = 2_500

const CallSheet = viewOf('./call_sheet.js', 'CallSheet')
const CancelSheet = viewOf('./order_sheets.js', 'CancelSheet')
const Edited = viewOf('./edited.js', 'Edited')
const HelpSheet = viewOf('./order_sheets.js', 'HelpSheet')
const SplitSheet = viewOf('./split_sheet.js', 'SplitSheet')
const TrackView = viewOf('./track_view.js', 'TrackView')

export function OrderPage({id, token: given, isSplit, isTipping}) {
  const kept = keptOrder(id)
  const token = given ?? kept?.token ?? ''
  const {order, error, ask, take} = useOrder(id, token)
  const restaurant = useRestaurant(order?.restaurant_id)
  useNews(order, restaurant)
  const isHinted = isSplit || Boolean(kept?.isSplit)
  const view = {order, restaurant, kept, token, ask, take, isHinted, isTipping}
  if (order) return html`<${KnownOrder} ...${view} />`
  return error ? html`<${Unreachable} error=${error} ask=${ask} />` : null
}

function KnownOrder(known) {
  const {order, restaurant, kept, token, isHinted} = known
  const splitting = useSplit(order, token, isHinted || Boolean(order.split_id))
  const [said, say] = useState(null)
  const [, render] = useState(0)
  const at = useNow(order.status === 'pending')
  const phase = phaseOf(order, at)
  const slug = restaurant?.slug ?? kept?.slug
  const place = kept?.place ?? placeOf(order)
  const toMenu = slug && menuUrl(slug, place)
  const again = slug && (() => orderAgain(order, slug, place))
  const view = {...known, at, phase, place, toMenu, again, splitting, said, say}
  useEffect(() => prefetchTracking(), [])
  const accept = () => {
    noteOrder(order, token, {seen: faceOf(order)})
    render(n => n + 1)
  }
  const seen = keptOrder(order.id)?.seen
  const edited =
    seen?.revision < order.revision &&
    !isOwnRound(order) &&
    html`<${Edited} order=${order} seen=${seen} accept=${accept} />`
  return html`
    <${TopBar} name=${restaurant?.name ?? kept?.restaurant} toMenu=${toMenu}>
      ${restaurant && html`<${CallButton} place=${place} />`}
    <//>
    <main class="page order-page">
      ${edited}
      <${phase === 'pay' ? PayView : TrackView} ...${view} />
    </main>
    <${Layers} ...${view} />
  `
}

/** Guests know what they added to their tab, and a merged order has words of its own. */
const isOwnRound = ({is_tab: isTab, edited, merged_into: other}) =>
  Boolean(other) || (isTab && edited?.changes.every(({what}) => what === 'added'))

/** What follows the payment comes once the page has settled. */
function prefetchTracking() {
  const timer = setTimeout(() => TrackView.prefetch(), SETTLED_MS)
  return () => clearTimeout(timer)
}

/** Where an order goes that came by its link; the table's token is not in it. */
const placeOf = ({order_type: type, table}) => ({type, table: table ?? '', token: null})

function Layers(view) {
  const views = {
    call: CallSheet,
    cancel: CancelSheet,
    help: HelpSheet,
    split: SplitSheet
  }
  return useValue(layers).map((layer, index) => {
    const View = views[layer.name]
    return View && html`<${View} key=${index + layer.name} ...${view} />`
  })
}

/** `{order, error, ask, take}`: the order as it stands, live; `take` a newer one. */
function useOrder(id, token) {
  const [order, setOrder] = useState(() => freshOrder(id))
  const [error, setError] = useState(null)
  const watch = useRef(null)
  useEffect(() => {
    const onOrder = news => {
      noteOrder(news, token)
      setOrder(news)
      setError(null)
    }
    watch.current = new Watch(id, token, onOrder, setError)
    return () => watch.current.stop()
  }, [id, token])
  return {
    order,
    error,
    ask: () => watch.current.wake(),
    take: news => watch.current.tell(news)
  }
}

function useRestaurant(id) {
  const [restaurant, setRestaurant] = useState(() => freshRestaurant(id))
  useEffect(() => {
    if (!id) return
    call('GET', `/restaurants/${encodeURIComponent(id)}`)
      .then(setRestaurant)
      .catch(() => {})
  }, [id])
  return restaurant
}

/** The tab's title says what is up; a phone buzzes when money or food has come. */
function useNews(order, restaurant) {
  const last = useRef(order?.status)
  const status = order?.status
  useEffect(() => {
    if (!order) return
    const name = restaurant?.name ?? ''
    document.title = `${order.number} · ${t(`short.${status}`)}${name && ` · ${name}`}`
    const isNews = last.current && last.current !== status
    last.current = status
    if (isNews && ['paid', 'ready'].includes(status)) navigator.vibrate?.(BUZZ_MS)
  }, [status, restaurant])
  useEffect(() => {
    if (order && restaurant)
      noteOrder(order, keptOrder(order.id)?.token, {
        slug: restaurant.slug,
        restaurant: restaurant.name
      })
  }, [restaurant?.id])
}

/** The same lines into the cart again; a new order, with today's prices. */
async function orderAgain(order, slug, place) {
  const [{cartOf, setTab}, {linesOf}] = await Promise.all([
    import('./cart.js'),
    import('./cart_body.js')
  ])
  const lines = linesOf(order)
  const fields = {
    name: order.customer_name ?? '',
    note: order.note ?? '',
    tip: null,
    codes: []
  }
  setTab(slug, null)
  cartOf(slug).update({lines, ...fields, place})
  go(menuUrl(slug, place), [{name: 'cart'}])
}

function TopBar({name, toMenu, children}) {
  const onClick = event => {
    event.preventDefault()
    go(toMenu)
  }
  return html`
    <header class="top-bar">
      ${
        toMenu &&
        html`
          <a class="round" href=${toMenu} aria-label=${t('to_menu')} onClick=${onClick}>
            <${Icon} name="back" flips />
          </a>
        `
      }
      <span class="top-name grow">${name}</span>
      ${children}
      <${LanguageSwitch} />
    </header>
  `
}

function Unreachable({error, ask}) {
  const isGone = [401, 403, 404].includes(error.status)
  const key = isGone ? 'order.unknown' : 'order.failed'
  return html`
    <main class="page">
      <div class="big-message">
        <h1>${t(key)}</h1>
        <p>${t(`${key}_text`)}</p>
        ${!isGone && html`<button type="button" class="primary" onClick=${ask}>${t('retry')}</button>`}
      </div>
    </main>
  `
}
