/** The menu of a restaurant: the first page that a guest sees. */

import {html, useEffect, useMemo, useState} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {cartOf, countOf, placeFrom} from './cart.js'
import {estimate, itemsOf, needsChoice} from './choices.js'
import {t} from './i18n.js'
import {decimalsIn, fromMinor, money, sats, toMinor} from './money.js'
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
const ComboSheet = lazy(() =>
  import('./combo_sheet.js').then(module => module.ComboSheet)
)
const CartSheet = lazy(() => import('./cart_sheet.js').then(module => module.CartSheet))
const PlaceSheet = lazy(() =>
  import('./place_sheet.js').then(module => module.PlaceSheet)
)
const Offers = lazy(() => import('./offers.js').then(module => module.Offers))
const OfferTags = lazy(() => import('./offers.js').then(module => module.OfferTags))
const OpenOrders = lazy(() =>
  import('./open_orders.js').then(module => module.OpenOrders)
)

export function MenuPage({slug}) {
  const cart = useMemo(() => placedCart(slug), [slug])
  const place = usePlace(cart)
  const {restaurant, menu, error, reload, isMenuOfPlace} = useMenu(slug, place)
  const quoter = useQuoter(cart, restaurant)
  useEffect(() => {
    if (!restaurant) return
    document.title = restaurant.name
    const isSending = recall(`placing.${restaurant.slug}`)
    if (isSending && !layers.get().length) openLayer({name: 'cart'})
  }, [restaurant?.id])
  useEffect(() => {
    if (menu) prefetchSheets(menu)
  }, [Boolean(menu)])
  if (!menu) return error ? html`<${Failed} error=${error} retry=${reload} />` : null
  const items = itemsOf(menu)
  const shop = {restaurant, menu, items, cart, quoter, reload, isMenuOfPlace}
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
      ${menu.price_list && html`<p class="price-list"><${Icon} name="tag" /> ${t('prices', menu.price_list)}</p>`}
      ${hasOffers(menu) && html`<${Offers} menu=${menu} place=${place} />`}
      ${sectionsOf(menu).map(category => html`<${Category} ...${shop} category=${category} />`)}
      ${!sectionsOf(menu).length && html`<p class="empty">${t('menu.empty')}</p>`}
      <${Footer} restaurant=${restaurant} />
    </main>
    <${CartCount} cart=${cart} />
    <${CartBar} ...${shop} />
    <${Layers} ...${shop} />
  `
}

/** The cart, at the table whose code was scanned. */
function placedCart(slug) {
  const cart = cartOf(slug)
  cart.update({place: placeFrom(location.hash, cart.get())})
  return cart
}

/** Where the order goes; the page is not drawn anew for anything else in the cart. */
function usePlace(cart) {
  const [place, setPlace] = useState(() => cart.get().place)
  useEffect(() => {
    setPlace(cart.get().place)
    return cart.watch(value => setPlace(value.place))
  }, [cart])
  return place
}

const hasOffers = menu => menu.discounts?.length > 0

/** The menu's parts as they stand on the page: set menus first, nothing empty. */
const sectionsOf = ({categories, combos = []}) =>
  [{id: 'combos', name: t('combos.title'), items: combos}, ...categories].filter(
    ({items}) => items.length
  )

/**
 * `{restaurant, menu, error, reload, isMenuOfPlace}` of a restaurant; null until they
 * are there. Prices may depend on the place: another one asks for the menu anew, and
 * the old one stands until that has come.
 */
function useMenu(slug, place) {
  const [data, setData] = useState({restaurant: null, menu: null, error: null})
  const [round, setRound] = useState(0)
  const reload = () => setRound(n => n + 1)
  const url = menuOf(slug, place)
  useEffect(() => {
    let isWanted = true
    loadOnce(slug, url)
      .then(found => isWanted && setData({...found, url, error: null}))
      .catch(error => isWanted && setData(old => ({...old, error})))
    return () => (isWanted = false)
  }, [url, round])
  useEffect(() => whileLooking(reload), [slug])
  return {...data, reload, isMenuOfPlace: data.url === url}
}

const pathOf = slug => `/restaurants/${encodeURIComponent(slug)}`

/** The menu with the prices of an order type and a table. */
function menuOf(slug, {type, table}) {
  if (type === 'pickup') return `${pathOf(slug)}/menu`
  const asked = new URLSearchParams({order_type: type, ...(table && {table})})
  return `${pathOf(slug)}/menu?${asked}`
}

/** What the first view needs, asked for while the page's words are on their way. */
let ahead = null

/** Begin to load a restaurant's menu before there is a view of it. */
export function lookAhead(slug) {
  const url = menuOf(slug, placeFrom(location.hash, cartOf(slug).get()))
  ahead = {url, found: load(slug, url)}
  ahead.found.catch(() => {}) // the view tells
}

/** What was begun ahead, or anew. */
function loadOnce(slug, url) {
  const found = ahead?.url === url ? ahead.found : load(slug, url)
  ahead = null
  return found
}

async function load(slug, menuUrl) {
  const [restaurant, menu] = await Promise.all([
    call('GET', pathOf(slug)),
    call('GET', menuUrl)
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
  const views = {
    item: ItemSheet,
    combo: ComboSheet,
    cart: CartSheet,
    place: PlaceSheet
  }
  return useValue(layers).map((layer, index) => {
    const View = views[layer.name]
    return View && html`<${View} key=${index + layer.name} ...${shop} layer=${layer} />`
  })
}

function prefetchSheets({combos = []}) {
  const later = globalThis.requestIdleCallback ?? (work => setTimeout(work, 800))
  later(() => {
    ItemSheet.prefetch()
    if (combos.length) ComboSheet.prefetch()
  })
}

/** The quoter of this cart; its code, and the cart's, come with the first thing in it. */
function useQuoter(cart, restaurant) {
  const [quoter, setQuoter] = useState(null)
  const isNeeded = useValue(cart).lines.length > 0 && Boolean(restaurant)
  useEffect(() => {
    if (!isNeeded || quoter) return
    CartSheet.prefetch()
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
  const shown = sectionsOf(menu)
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
  const isFirst = sectionsOf(menu)[0].id === category.id
  return html`
    <section id=${sectionId(category.id)} aria-label=${category.name}>
      <h2>${category.name}</h2>
      <ul class="items">
        ${category.items.map(
          (item, index) => html`
            <${ItemCard}
              key=${item.id}
              ...${shop}
              menu=${menu}
              item=${item}
              eager=${isFirst && index < PROMPT_PHOTOS}
            />
          `
        )}
      </ul>
    </section>
  `
}

function ItemCard({item, eager, cart, restaurant, menu}) {
  const isSoldOut = !item.is_available
  const open = () => openLayer({name: item.groups ? 'combo' : 'item', id: item.id})
  return html`
    <li class=${isSoldOut ? 'item sold-out' : 'item'}>
      <div class="item-text">
        <h3>
          <button type="button" class="item-open" onClick=${open}>${item.name}</button>
        </h3>
        ${item.description && html`<p class="item-about">${item.description}</p>`}
        <${Allergens} names=${item.allergens ?? []} />
        <p class="item-price">
          <${Amount}>${money(item.price, item.currency)}<//>
          ${isSoldOut && html`<span class="tag">${t('sold_out')}</span>`}
          ${hasOffers(menu) && html`<${OfferTags} menu=${menu} place=${cart.get().place} item=${item} />`}
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
  const isOwn = line => (line.combo ?? line.item) === item.id
  const own = useValue(cart).lines.filter(isOwn)
  const plain = own.find(line => !line.combo && !line.modifiers.length && !line.note)
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
        onClick=${item.groups || needsChoice(item) || count ? open : add}
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
  const guess = estimate(value, items)
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
          ${
            quoter
              ? html`<${QuotedSums} quoter=${quoter} guess=${guess} />`
              : guess && html`<${Amount}>${money(guess.price, guess.currency)}<//>`
          }
        </span>
      </button>
    </div>
  `
}

/** Without the tip; by the menu's prices until the server has said what it comes to. */
function QuotedSums({quoter, guess}) {
  const {quote} = useValue(quoter.state)
  if (!quote || quoter.current !== quote) {
    return html`
      ${guess && html`<${Amount}>${money(guess.price, guess.currency)}<//>`}
      <small> </small>
    `
  }
  const {amounts, currency, total} = quote
  const sum = fromMinor(toMinor(total) - toMinor(amounts.tip), decimalsIn(total))
  return html`
    <${Amount}>${money(sum, currency)}<//>
    ${
      currency !== 'sat' &&
      html`<small><${Amount}>${sats(quote.total_msat - quote.tip_msat)}<//></small>`
    }
  `
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
