/** The menu of a restaurant: the first page that a guest sees. */

import {html, useEffect, useMemo, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {cartOf, countOf, estimate, itemsOf, needsChoice, placeFrom} from './cart.js'
import {t} from './i18n.js'
import {money, sats} from './money.js'
import {layers, openLayer, recall, useValue} from './state.js'
import {
  Allergens,
  Amount,
  Icon,
  LanguageSwitch,
  lazy,
  Notice,
  Photo,
  placeWords,
  Stepper
} from './ui.js'

const FRESH_MS = 60_000
const PHOTO = 112
const PROMPT_PHOTOS = 3

const ItemSheet = lazy(() => import('./item_sheet.js').then(module => module.ItemSheet))
const CartSheet = lazy(() => import('./cart_sheet.js').then(module => module.CartSheet))
const PlaceSheet = lazy(() =>
  import('./place_sheet.js').then(module => module.PlaceSheet)
)
const OpenOrders = lazy(() =>
  import('./open_orders.js').then(module => module.OpenOrders)
)

export function MenuPage({slug}) {
  const {restaurant, menu, error, reload} = useMenu(slug)
  const cart = useMemo(() => cartOf(slug), [slug])
  const quoter = useQuoter(cart, restaurant)
  useEffect(() => {
    cart.update({place: placeFrom(location.hash, cart.get())})
  }, [cart])
  useEffect(() => {
    if (!restaurant) return
    document.title = restaurant.name
    const isSending = recall(`placing.${restaurant.slug}`)
    if (isSending && !layers.get().length) openLayer({name: 'cart'})
  }, [restaurant?.id])
  useEffect(() => {
    if (menu) prefetchSheets()
  }, [Boolean(menu)])
  if (!menu) return error ? html`<${Failed} error=${error} retry=${reload} />` : null
  const shop = {restaurant, menu, items: itemsOf(menu), cart, quoter, reload}
  return html`
    <${Hero} restaurant=${restaurant} />
    <${Strip} ...${shop} />
    <${Categories} menu=${menu} />
    <main class="page">
      ${recall('orders') && html`<${OpenOrders} />`}
      ${
        !restaurant.is_open &&
        html`<${Notice} kind="warn" title=${t('closed.title')}>${t('closed.text')}<//>`
      }
      ${menu.categories.map(category => html`<${Category} ...${shop} category=${category} />`)}
      ${
        !menu.categories.some(category => category.items.length) &&
        html`<p class="empty">${t('menu.empty')}</p>`
      }
      <${Footer} restaurant=${restaurant} />
    </main>
    <${CartCount} cart=${cart} />
    <${CartBar} ...${shop} />
    <${Layers} ...${shop} />
  `
}

/** `{restaurant, menu, error, reload}` of a restaurant; null until they are there. */
function useMenu(slug) {
  const [data, setData] = useState({restaurant: null, menu: null, error: null})
  const [round, setRound] = useState(0)
  const reload = () => setRound(n => n + 1)
  useEffect(() => {
    let isWanted = true
    load(slug)
      .then(found => isWanted && setData({...found, error: null}))
      .catch(error => isWanted && setData(old => ({...old, error})))
    return () => (isWanted = false)
  }, [slug, round])
  useEffect(() => whileLooking(reload), [slug])
  return {...data, reload}
}

async function load(slug) {
  const path = `/restaurants/${encodeURIComponent(slug)}`
  const [restaurant, menu] = await Promise.all([
    call('GET', path),
    call('GET', `${path}/menu`)
  ])
  return {restaurant, menu}
}

/** Call `look` each minute that somebody looks, and when they come back to the page. */
function whileLooking(look) {
  let last = Date.now()
  const onLook = () => {
    if (document.hidden || Date.now() - last < FRESH_MS / 2) return
    last = Date.now()
    look()
  }
  const timer = setInterval(onLook, FRESH_MS)
  document.addEventListener('visibilitychange', onLook)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onLook)
  }
}

function Layers(shop) {
  const views = {item: ItemSheet, cart: CartSheet, place: PlaceSheet}
  return useValue(layers).map((layer, index) => {
    const View = views[layer.name]
    return View && html`<${View} key=${index + layer.name} ...${shop} layer=${layer} />`
  })
}

function prefetchSheets() {
  const later = globalThis.requestIdleCallback ?? (work => setTimeout(work, 800))
  later(() => {
    ItemSheet.prefetch()
    CartSheet.prefetch()
  })
}

/** The quoter of this cart; its code comes with the first thing in the cart. */
function useQuoter(cart, restaurant) {
  const [quoter, setQuoter] = useState(null)
  const isNeeded = useValue(cart).lines.length > 0 && Boolean(restaurant)
  useEffect(() => {
    if (!isNeeded || quoter) return
    import('./quoting.js')
      .then(({Quoter}) => setQuoter(new Quoter(cart, restaurant)))
      .catch(() => {})
  }, [isNeeded])
  return quoter
}

function Hero({restaurant}) {
  const {name, description, image_url: url} = restaurant
  return html`
    <header class=${url ? 'hero with-photo' : 'hero'}>
      <${Photo}
        url=${url}
        width="1280"
        height="480"
        class="hero-photo"
        eager
        fetchpriority="high"
      />
      <div class="hero-text">
        <h1>${name}</h1>
        ${description && html`<p>${description}</p>`}
      </div>
    </header>
  `
}

function Strip({restaurant, cart}) {
  const {place} = useValue(cart)
  const words = placeWords(place)
  return html`
    <div class="strip">
      <button
        type="button"
        class="chip place"
        aria-haspopup="dialog"
        aria-label=${t('place.change_from', {place: words})}
        onClick=${() => openLayer({name: 'place'})}
      >
        <${Icon} name=${place.type === 'dine_in' ? 'table' : 'bag'} />
        <span>${words}</span>
      </button>
      <span class=${restaurant.is_open ? 'state open' : 'state'}>
        ${t(restaurant.is_open ? 'open' : 'closed')}
      </span>
      <${LanguageSwitch} />
    </div>
  `
}

function Categories({menu}) {
  const shown = menu.categories.filter(category => category.items.length)
  const [current, setCurrent] = useState(shown[0]?.id)
  useEffect(() => watchSections(shown, setCurrent), [menu])
  useEffect(() => centre(current), [current])
  if (shown.length < 2) return null
  return html`
    <nav class="categories" aria-label=${t('categories')}>
      ${shown.map(
        ({id, name}) => html`
          <button
            type="button"
            key=${id}
            data-category=${id}
            aria-current=${id === current ? 'true' : null}
            onClick=${() => document.getElementById(sectionId(id))?.scrollIntoView()}
          >
            ${name}
          </button>
        `
      )}
    </nav>
  `
}

const sectionId = id => `category-${id}`

/** Tell which section stands below the bar of categories. */
function watchSections(shown, tell) {
  const seen = new Set()
  const watcher = new IntersectionObserver(
    entries => {
      for (const {target, isIntersecting} of entries) {
        if (isIntersecting) seen.add(target.id)
        else seen.delete(target.id)
      }
      const first = shown.find(({id}) => seen.has(sectionId(id)))
      if (first) tell(first.id)
    },
    {rootMargin: '-72px 0px -60% 0px'}
  )
  for (const {id} of shown) {
    const section = document.getElementById(sectionId(id))
    if (section) watcher.observe(section)
  }
  return () => watcher.disconnect()
}

/** Bring the current category into view in its bar, without moving the page. */
function centre(id) {
  const tab = document.querySelector(`[data-category="${CSS.escape(id ?? '')}"]`)
  const bar = tab?.parentElement
  if (!bar) return
  const box = tab.getBoundingClientRect()
  const frame = bar.getBoundingClientRect()
  bar.scrollBy({left: box.left + box.width / 2 - frame.left - frame.width / 2})
}

function Category({category, menu, ...shop}) {
  if (!category.items.length) return null
  const isFirst = menu.categories.find(each => each.items.length) === category
  return html`
    <section id=${sectionId(category.id)} aria-label=${category.name}>
      <h2>${category.name}</h2>
      <ul class="items">
        ${category.items.map(
          (item, index) => html`
            <${ItemCard}
              key=${item.id}
              ...${shop}
              item=${item}
              eager=${isFirst && index < PROMPT_PHOTOS}
            />
          `
        )}
      </ul>
    </section>
  `
}

function ItemCard({item, eager, cart, restaurant}) {
  const isSoldOut = !item.is_available
  const open = () => openLayer({name: 'item', id: item.id})
  return html`
    <li class=${isSoldOut ? 'item sold-out' : 'item'}>
      <div class="item-text">
        <h3>
          <button type="button" class="item-open" onClick=${open}>${item.name}</button>
        </h3>
        ${item.description && html`<p class="item-about">${item.description}</p>`}
        <${Allergens} names=${item.allergens} />
        <p class="item-price">
          <${Amount}>${money(item.price, item.currency)}<//>
          ${isSoldOut && html`<span class="tag">${t('sold_out')}</span>`}
          ${!isSoldOut && item.left > 0 && html`<span class="tag few">${t('left', {n: item.left})}</span>`}
        </p>
      </div>
      <${Photo}
        class="item-photo"
        url=${item.image_url}
        width=${PHOTO}
        height=${PHOTO}
        eager=${eager}
      />
      ${!isSoldOut && restaurant.is_open && html`<${QuickAdd} item=${item} cart=${cart} open=${open} />`}
    </li>
  `
}

/** One tap adds what needs no choice; what is in the cart is counted in place. */
function QuickAdd({item, cart, open}) {
  const own = useValue(cart).lines.filter(line => line.item === item.id)
  const plain = own.find(line => !line.modifiers.length && !line.note)
  const count = own.reduce((sum, line) => sum + line.quantity, 0)
  if (plain && own.length === 1) {
    return html`
      <div class="quick">
        <${Stepper}
          name=${item.name}
          value=${plain.quantity}
          max=${item.left ?? 999}
          onChange=${quantity => cart.count(plain.id, quantity)}
        />
      </div>
    `
  }
  const add = () => cart.add({item: item.id, quantity: 1, modifiers: [], note: ''})
  return html`
    <div class="quick">
      <button
        type="button"
        class="round add"
        aria-label=${t(count ? 'add_more_name' : 'add_name', {name: item.name, n: count})}
        onClick=${needsChoice(item) || count ? open : add}
      >
        ${count ? html`<span class="count">${count}</span>` : html`<${Icon} name="plus" />`}
      </button>
    </div>
  `
}

/** Tells screen readers that the cart has changed. */
function CartCount({cart}) {
  const n = countOf(useValue(cart))
  return html`<p class="hidden" role="status">${n > 0 && t('cart.count', {n})}</p>`
}

function CartBar({cart, items, quoter}) {
  const value = useValue(cart)
  const count = countOf(value)
  if (!count) return null
  const sum = estimate(value, items)
  return html`
    <div class="cart-bar">
      <button
        type="button"
        class="primary wide"
        onClick=${() => openLayer({name: 'cart'})}
      >
        <span class="count">${count}</span>
        <span class="grow">
          ${t('cart.view')}
          <small>${placeWords(value.place)}</small>
        </span>
        <span class="sums">
          ${sum && html`<${Amount}>${money(sum.price, sum.currency)}<//>`}
          ${quoter && html`<${BarSats} quoter=${quoter} fiat=${sum} />`}
        </span>
      </button>
    </div>
  `
}

function BarSats({quoter, fiat}) {
  const {quote} = useValue(quoter.state)
  if (!quote || quoter.current !== quote) return fiat ? html`<small> </small>` : null
  if (fiat?.currency === 'sat') return null
  const figure = sats(quote.total_msat - quote.tip_msat)
  return fiat
    ? html`<small><${Amount}>${figure}<//></small>`
    : html`<${Amount}>${figure}<//>`
}

function Footer({restaurant}) {
  const {legal_name: legal, address, tax_id: taxId} = restaurant
  return html`
    <footer class="imprint">
      ${legal && html`<p>${legal}</p>`}
      ${address && html`<p class="lines">${address}</p>`}
      ${taxId && html`<p>${t('tax_id', {id: taxId})}</p>`}
    </footer>
  `
}

function Failed({error, retry}) {
  const isGone = error.status === 404
  return html`
    <main class="page">
      <div class="big-message">
        <h1>${t(isGone ? 'menu.unknown' : 'menu.failed')}</h1>
        <p>${t(isGone ? 'menu.unknown_text' : 'menu.failed_text')}</p>
        ${!isGone && html`<button type="button" class="primary" onClick=${retry}>${t('retry')}</button>`}
      </div>
    </main>
  `
}
