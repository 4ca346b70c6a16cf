/** The menu of a restaurant: the first page that a guest sees. */

import {html, useEffect, useMemo, useRef, useState} from '../../vendor/htm-preact.js'
import {call, now} from './api.js'
import {cartOf, countOf, isTabOf, openTab, placeFrom, whenFrom} from './cart.js'
import {momentWords, t} from './i18n.js'
import {money} from './money.js'
import {
  itemsOf,
  needsChoice,
  openingOf,
  openingWords,
  takesLater,
  takesOrders,
  whyNot,
  whyNotWords
} from './offered.js'
import {layers, openLayer, recall, useValue} from './state.js'
import {
  Allergens,
  Amount,
  CallButton,
  Icon,
  LanguageSwitch,
  Photo,
  PLACE_ICONS,
  placeWords,
  Stepper,
  view
} from './ui.js'

const PHOTO = 112
const PROMPT_PHOTOS = 3

const CallSheet = view('./call_sheet.js', 'CallSheet')
const CartBar = view('./cart_bar.js', 'CartBar')
const CartSheet = view('./cart_sheet.js', 'CartSheet')
const ComboSheet = view('./combo_sheet.js', 'ComboSheet')
const HoursSheet = view('./hours_sheet.js', 'HoursSheet')
const ItemSheet = view('./item_sheet.js', 'ItemSheet')
const MenuFailed = view('./menu_failed.js', 'MenuFailed')
const Offers = view('./offers.js', 'Offers')
const OfferTags = view('./offers.js', 'OfferTags')
const OpenOrders = view('./open_orders.js', 'OpenOrders')
const PlaceSheet = view('./place_sheet.js', 'PlaceSheet')
const RoundSheet = view('./round_sheet.js', 'RoundSheet')
const TabBanner = view('./tab_banner.js', 'TabBanner')

export function MenuPage({slug}) {
  const cart = useMemo(() => placedCart(slug), [slug])
  const aim = useAim(cart)
  const {place} = aim
  const {restaurant, menu, error, reload, isMenuOfPlace} = useMenu(slug, place)
  const known = useValue(openTab(slug))
  const tab = isTabOf(known, place) ? known : null
  const quoter = useQuoter(cart, restaurant, tab)
  useEffect(() => {
    if (!restaurant) return
    document.title = restaurant.name
    const isSending = recall(`placing.${restaurant.slug}`)
    if (isSending && !layers.get().length) openLayer({name: 'cart'})
  }, [restaurant?.id])
  useEffect(() => {
    if (menu) prefetchSheets(menu)
  }, [Boolean(menu)])
  useTakenType(cart, restaurant)
  if (!menu)
    return error ? html`<${MenuFailed} error=${error} retry=${reload} />` : null
  const items = itemsOf(menu)
  const shop = {restaurant, menu, items, cart, aim, quoter, reload, isMenuOfPlace, tab}
  return html`
    <${Hero} ...${shop} />
    <${Strip} ...${shop} />
    <${Categories} menu=${menu} />
    <main class="page">
      ${tab && html`<${TabBanner} ...${shop} />`}
      ${recall('orders') && html`<${OpenOrders} />`}
      ${menu.price_list && html`<p class="price-list"><${Icon} name="tag" /> ${t('prices', menu.price_list)}</p>`}
      ${hasOffers(menu) && html`<${Offers} menu=${menu} place=${place} />`}
      ${sectionsOf(menu).map(category => html`<${Category} ...${shop} category=${category} />`)}
      ${!sectionsOf(menu).length && html`<p class="empty">${t('menu.empty')}</p>`}
      <${Footer} restaurant=${restaurant} />
    </main>
    <${CartCount} ...${shop} />
    <${Layers} ...${shop} />
  `
}

/** The cart, at the table whose code was scanned. */
function placedCart(slug) {
  const cart = cartOf(slug)
  const old = cart.get()
  cart.update({place: placeFrom(location.hash, old), when: whenFrom(old)})
  return cart
}

/**
 * Where the order goes and for when; the page is not drawn anew for anything else in
 * the cart.
 */
function useAim(cart) {
  const aimOf = ({place, when}) => ({place, when})
  const [aim, setAim] = useState(() => aimOf(cart.get()))
  useEffect(() => {
    const take = value =>
      setAim(old => {
        const isSame = old.place === value.place && old.when === value.when
        return isSame ? old : aimOf(value)
      })
    take(cart.get())
    return cart.watch(take)
  }, [cart])
  return aim
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
  useLive(data, reload)
  useEffect(() => {
    let isWanted = true
    loadOnce(slug, url)
      .then(found => isWanted && setData({...found, url, error: null}))
      .catch(error => isWanted && setData(old => ({...old, error})))
    return () => (isWanted = false)
  }, [url, round])
  return {...data, reload, isMenuOfPlace: data.url === url}
}

/** Hears of news of the menu, once the first view has settled. */
function useLive({restaurant, menu}, reload) {
  const [live, setLive] = useState(null)
  const shown = useRef(menu)
  shown.current = menu
  const id = restaurant?.id
  useEffect(() => {
    if (!id) return undefined
    let isOver = false
    let own = null
    whenIdle(async () => {
      const {MenuLive} = await import('./menu_live.js')
      if (!isOver) setLive((own = new MenuLive(id, shown.current, reload)))
    })
    return () => {
      isOver = true
      own?.stop()
    }
  }, [id])
  useEffect(() => live?.took(menu), [live, menu])
}

const whenIdle = work =>
  (globalThis.requestIdleCallback ?? (later => setTimeout(later, 800)))(work)

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

function Layers(shop) {
  const views = {
    call: CallSheet,
    cart: shop.tab ? RoundSheet : CartSheet,
    combo: ComboSheet,
    hours: HoursSheet,
    item: ItemSheet,
    place: PlaceSheet
  }
  return useValue(layers).map((layer, index) => {
    const View = views[layer.name]
    return View && html`<${View} key=${index + layer.name} ...${shop} layer=${layer} />`
  })
}

function prefetchSheets({combos = []}) {
  whenIdle(() => {
    ItemSheet.prefetch()
    if (combos.length) ComboSheet.prefetch()
  })
}

/** The quoter of this cart; its code, and the cart's, come with the first thing in it. */
function useQuoter(cart, restaurant, tab) {
  const [quoter, setQuoter] = useState(null)
  const isNeeded = useValue(cart).lines.length > 0 && Boolean(restaurant) && !tab
  useEffect(() => {
    if (!isNeeded || quoter) return
    CartSheet.prefetch()
    import('./quoting.js')
      .then(({Quoter}) => setQuoter(new Quoter(cart, restaurant)))
      .catch(() => {})
  }, [isNeeded])
  return quoter
}

/** An order type that the restaurant does not take gives way to one that it does. */
function useTakenType(cart, restaurant) {
  const types = restaurant?.order_types
  useEffect(() => {
    const {place} = cart.get()
    if (!types?.length || types.includes(place.type)) return
    cart.update({place: {...place, type: types[0]}, when: null})
  }, [types?.join()])
}

function Hero({restaurant, menu}) {
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
        <${Opening} restaurant=${restaurant} opening=${openingOf({restaurant, menu})} />
        ${description && html`<p>${description}</p>`}
      </div>
    </header>
  `
}

/** "Open until 22:00"; a tap shows the week. */
function Opening({restaurant, opening}) {
  const words = openingWords(opening, restaurant.timezone, now())
  const face = opening.is_open ? 'state open' : 'state'
  const hasHours = restaurant.opening_hours.length + restaurant.special_days.length > 0
  if (!hasHours) return html`<p class=${face} role="status"><span>${words}</span></p>`
  return html`
    <button
      type="button"
      class="${face} state-button"
      aria-haspopup="dialog"
      onClick=${() => openLayer({name: 'hours'})}
    >
      <span>${words}</span>
      <${Icon} name="next" flips />
    </button>
  `
}

function Strip({aim: {place, when}, restaurant, menu}) {
  const opening = openingOf({restaurant, menu})
  const time = when && momentWords(when, restaurant.timezone)
  const words = time ? `${placeWords(place)} · ${time}` : placeWords(place)
  const needsTime = !opening.is_open && !when && place.type !== 'dine_in'
  return html`
    <div class="strip">
      <button
        type="button"
        class="chip place"
        aria-haspopup="dialog"
        aria-label=${t('place.change_from', {place: words})}
        onClick=${() => openLayer({name: 'place'})}
      >
        <${Icon} name=${PLACE_ICONS[place.type]} />
        <span>${words}</span>
        ${needsTime && takesLater(opening) && html`<small>${t('when.later')}</small>`}
      </button>
      <${CallButton} place=${place} />
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

function ItemCard({item, eager, aim, cart, restaurant, menu}) {
  const trouble = whyNot(item, aim, restaurant.timezone)
  const open = () => openLayer({name: item.groups ? 'combo' : 'item', id: item.id})
  const mayAdd = !trouble && takesOrders({restaurant, menu})
  return html`
    <li class=${trouble ? 'item sold-out' : 'item'}>
      <div class="item-text">
        <h3>
          <button type="button" class="item-open" onClick=${open}>${item.name}</button>
        </h3>
        ${item.description && html`<p class="item-about">${item.description}</p>`}
        <${Allergens} names=${item.allergens ?? []} />
        <p class="item-price">
          <${Amount}>${money(item.price, item.currency)}<//>
          ${trouble && html`<span class="tag">${whyNotWords(trouble, aim)}</span>`}
          ${hasOffers(menu) && html`<${OfferTags} menu=${menu} place=${aim.place} item=${item} />`}
          ${!trouble && item.left > 0 && html`<span class="tag few">${t('left', {n: item.left})}</span>`}
        </p>
      </div>
      <${Photo}
        class="item-photo"
        url=${item.image_url}
        width=${PHOTO}
        height=${PHOTO}
        eager=${eager}
      />
      ${mayAdd && html`<${QuickAdd} item=${item} cart=${cart} open=${open} />`}
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

/** The bar at the foot; screen readers are told that the cart has changed. */
function CartCount(shop) {
  const n = countOf(useValue(shop.cart))
  return html`
    <p class="hidden" role="status">${n > 0 && t('cart.count', {n})}</p>
    ${n > 0 && html`<${CartBar} ...${shop} />`}
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
