/** One order: pay it, then follow it to the table. */

import {html, useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {cartOf, linesOf} from './cart.js'
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
import {TrackView} from './track_view.js'
import {Icon, LanguageSwitch, lazy, useNow} from './ui.js'
import {Watch} from './watch.js'

const BUZZ_MS = 200

const sheet = name =>
  lazy(() => import('./order_sheets.js').then(sheets => sheets[name]))
const Edited = lazy(() => import('./edited.js').then(module => module.Edited))
const HelpSheet = sheet('HelpSheet')
const CancelSheet = sheet('CancelSheet')
const SplitSheet = lazy(() =>
  import('./split_sheet.js').then(module => module.SplitSheet)
)

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
  const view = {...known, at, phase, toMenu, again, splitting, said, say}
  const accept = () => {
    noteOrder(order, token, {seen: faceOf(order)})
    render(n => n + 1)
  }
  const seen = keptOrder(order.id)?.seen
  const edited =
    seen?.revision < order.revision &&
    html`<${Edited} order=${order} seen=${seen} accept=${accept} />`
  return html`
    <${TopBar} name=${restaurant?.name ?? kept?.restaurant} toMenu=${toMenu} />
    <main class="page order-page">
      ${edited}
      <${phase === 'pay' ? PayView : TrackView} ...${view} />
    </main>
    <${Layers} ...${view} />
  `
}

/** Where an order goes that came by its link; the table's token is not in it. */
const placeOf = ({order_type: type, table}) => ({type, table: table ?? '', token: null})

function Layers(view) {
  const views = {help: HelpSheet, cancel: CancelSheet, split: SplitSheet}
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
function orderAgain(order, slug, place) {
  const lines = linesOf(order)
  const fields = {
    name: order.customer_name ?? '',
    note: order.note ?? '',
    tip: null,
    codes: []
  }
  cartOf(slug).update({lines, ...fields, place})
  go(menuUrl(slug, place), [{name: 'cart'}])
}

function TopBar({name, toMenu}) {
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
