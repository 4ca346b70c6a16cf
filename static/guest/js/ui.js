/** The small parts that every view is made of. */

import {
  html,
  useEffect,
  useLayoutEffect,
  useRef,
  useState
} from '../../vendor/htm-preact.js'
import {now, online} from './api.js'
import {LANGUAGES, language, switchTo, t} from './i18n.js'
import {closeLayer, openLayer, useValue} from './state.js'

const ICONS = {
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  close: 'M6 6l12 12M18 6L6 18',
  back: 'M15 5l-7 7 7 7',
  next: 'M9 5l7 7-7 7',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  copy: 'M9 9h10v11H9zM15 9V4H5v11h4',
  bolt: 'M13 3L5 14h6l-1 7 8-11h-6z',
  table: 'M3 9h18M5 9v10M19 9v10M8 5h8l2 4H6z',
  bag: 'M6 8h12l1 12H5zM9 8V6a3 3 0 016 0v2',
  clock: 'M12 7v5l3 2M12 3a9 9 0 100 18 9 9 0 000-18z',
  note: 'M5 5h14v10l-5 5H5zM14 20v-5h5',
  bin: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  globe:
    'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18',
  alert: 'M12 8v5M12 16.5v.5M12 3l10 18H2z',
  cash: 'M3 7h18v10H3zM12 9.5a2.5 2.5 0 100 5 2.5 2.5 0 000-5zM6 10v4M18 10v4',
  card: 'M3 6h18v12H3zM3 10h18M6 14.5h5',
  gift: 'M4 12v8h16v-8M3 8h18v4H3zM12 8v12M12 8S7.5 8 7.5 5.5 12 4.5 12 8zM12 8s4.5 0 4.5-2.5S12 4.5 12 8z',
  people:
    'M9 5a3 3 0 100 6 3 3 0 000-6zM3 19c0-3.5 2.5-5 6-5s6 1.5 6 5M16 5.5a3 3 0 010 5.5M17.5 14.3c2.2.5 3.5 2 3.5 4.700',
  tag: 'M4 4h7l9 9-7 7-9-9zM8 8v.01',
  share: 'M12 15V4M8 8l4-4 4 4M5 12v8h14v-8',
  flame:
    'M12 3c1 4 5 5.500 5 10.500a5 5 0 01-10 0C7 11 8.500 9.500 9 8c1 .5 1.500 1.500 1.500 2.500C12 9 12.500 6 12 3z',
  bell: 'M6 17V11a6 6 0 0112 0v6l1.500 2h-15zM10.500 21h3',
  bike: 'M5.500 18a3.500 3.500 0 100-.01M18.500 18a3.500 3.500 0 100-.01M5.500 17.500l4-8h6l3 8M9 6.500h2.500M14.500 6.500h2.500l-1.500 3'
}

export const Icon = ({name, flips = false}) => html`
  <svg class=${flips ? 'icon flips' : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
    <path d=${ICONS[name]} />
  </svg>
`

/** An amount of money: it keeps its own direction in any sentence. */
export const Amount = ({children, ...rest}) => html`<bdi ...${rest}>${children}</bdi>`

/** What is in it that some must not eat, in words. */
export const Allergens = ({names}) =>
  names.length > 0 &&
  html`
    <div class="allergens">
      <span aria-hidden="true">${t('allergens')}</span>
      <ul aria-label=${t('allergens')}>
        ${names.map(name => html`<li>${name}</li>`)}
      </ul>
    </div>
  `

/** A message in its place: `kind` is info, good, warn or bad. */
export const Notice = ({kind = 'info', title, children, role = 'status'}) => html`
  <div class="notice ${kind}" role=${role}>
    ${title && html`<strong>${title}</strong>`}
    <div>${children}</div>
  </div>
`

export const PLACE_ICONS = {dine_in: 'table', pickup: 'bag', delivery: 'bike'}

/** Table 7, or picked up: where an order goes, in words. */
export function placeWords({type, table}) {
  if (type !== 'dine_in') return t(`place.${type}`)
  return table ? t('place.table', {table}) : t('place.dine_in')
}

/** "Call the waiter", where a table's code says which table. */
export const CallButton = ({place}) =>
  place?.type === 'dine_in' &&
  place.token &&
  html`
    <button
      type="button"
      class="chip bell"
      aria-haspopup="dialog"
      aria-label=${t('call.open')}
      onClick=${() => openLayer({name: 'call'})}
    >
      <${Icon} name="bell" />
    </button>
  `

export const Spinner = ({label}) => html`
  <span class="spinner" role="status"><span class="hidden">${label}</span></span>
`

/** − 2 +, with the thing it counts in its buttons' names. */
export function Stepper({value, onChange, name, min = 0, max = 999, disabled = false}) {
  const atMin = value <= min
  return html`
    <div class="stepper">
      <button
        type="button"
        disabled=${disabled || atMin}
        aria-label=${t('less', {name})}
        onClick=${() => onChange(value - 1)}
      >
        <${Icon} name=${min === 0 && value === 1 ? 'bin' : 'minus'} />
      </button>
      <output aria-live="polite">${value}</output>
      <button
        type="button"
        disabled=${disabled || value >= max}
        aria-label=${t('more', {name})}
        onClick=${() => onChange(value + 1)}
      >
        <${Icon} name="plus" />
      </button>
    </div>
  `
}

/** A photo that takes its place before it is there, and leaves it when it fails. */
export function Photo({url, width, height, eager = false, ...rest}) {
  const [isBroken, setBroken] = useState(false)
  if (!url || isBroken) return null
  return html`
    <img
      ...${rest}
      src=${url}
      alt=""
      width=${width}
      height=${height}
      loading=${eager ? 'eager' : 'lazy'}
      decoding="async"
      referrerpolicy="no-referrer"
      onError=${() => setBroken(true)}
    />
  `
}

/**
 * A sheet above the page: focus is kept inside and given back, Esc, "back" and a tap
 * beside it close it. `label` names it for screen readers.
 */
export function Sheet({label, children, footer, wide = false, head}) {
  const dialog = useRef(null)
  const isHere = useRef(true)
  useLayoutEffect(() => {
    const element = dialog.current
    element.showModal()
    document.documentElement.classList.add('covered')
    return () => {
      isHere.current = false
      element.close()
      const others = document.querySelectorAll('dialog[open]').length
      if (!others) document.documentElement.classList.remove('covered')
    }
  }, [])
  const onCancel = event => {
    event.preventDefault()
    closeLayer()
  }
  const onClick = event => event.target === dialog.current && closeLayer()
  return html`
    <dialog
      class=${wide ? 'sheet wide' : 'sheet'}
      ref=${dialog}
      aria-label=${label}
      onCancel=${onCancel}
      onClose=${() => isHere.current && closeLayer()}
      onClick=${onClick}
    >
      <div class="sheet-frame">
        <div class="sheet-scroll">${head} ${children}</div>
        <button
          type="button"
          class="round sheet-close"
          autofocus
          aria-label=${t('close')}
          onClick=${closeLayer}
        >
          <${Icon} name="close" />
        </button>
        ${footer && html`<div class="sheet-foot">${footer}</div>`}
      </div>
    </dialog>
  `
}

/** The server's time, renewed every second while `active`. */
export function useNow(active = true) {
  const [, tick] = useState(0)
  useEffect(() => {
    if (!active) return undefined
    const timer = setInterval(() => tick(n => n + 1), 1000)
    return () => clearInterval(timer)
  }, [active])
  return now()
}

/** "1:05" until a moment; "0:00" when it has passed. */
export function timeLeft(until, at) {
  const seconds = Math.max(0, Math.ceil((until - at) / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The page's language, for every page. */
export function LanguageSwitch() {
  const code = useValue(language)
  return html`
    <label class="chip language">
      <${Icon} name="globe" />
      <span aria-hidden="true">${code}</span>
      <select
        aria-label=${t('language')}
        value=${code}
        onChange=${event => switchTo(event.target.value).catch(() => {})}
      >
        ${Object.entries(LANGUAGES).map(
          ([each, name]) =>
            html`<option value=${each} selected=${each === code}>${name}</option>`
        )}
      </select>
    </label>
  `
}

export function OfflineBanner() {
  if (useValue(online)) return null
  return html`<div class="offline" role="alert">${t('offline')}</div>`
}

/** A view of one of our files, whose code comes when it is first needed. */
export const view = (file, name) =>
  lazy(() => import(file).then(module => module[name]))

/** A view whose code comes when it is first needed. */
export function lazy(load) {
  let ready = null
  const fetchView = () => load().then(view => (ready = view))
  const Lazy = props => {
    const [, render] = useState(0)
    const isDrawn = Boolean(ready)
    useEffect(() => {
      if (isDrawn) return undefined
      let isWanted = true
      const fetch = () =>
        fetchView()
          .then(() => isWanted && render(n => n + 1))
          .catch(() => isWanted && setTimeout(fetch, 2000))
      fetch()
      return () => (isWanted = false)
    }, [])
    return ready ? html`<${ready} ...${props} />` : null
  }
  Lazy.prefetch = () => fetchView().catch(() => {})
  return Lazy
}
