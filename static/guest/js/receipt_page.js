/** An order's receipt, or its bill: the server's own sheet, to print and to keep. */

import {
  html,
  useEffect,
  useLayoutEffect,
  useRef,
  useState
} from '../../vendor/htm-preact.js'
import {call} from './api.js'
import {errorWords} from './errors.js'
import {language, t} from './i18n.js'
import {keptOrder, orderUrl} from './orders.js'
import {readSheet} from './receipt_sheet.js'
import {PAPERS, usePaper} from './receipt_paper.js'
import {useValue} from './state.js'
import {Icon, LanguageSwitch, Notice, Spinner} from './ui.js'

/** The languages that the server writes receipts in. */
const WRITTEN = new Set(['en', 'es', 'de', 'fr', 'pt', 'it'])
const KEPT_MS = 60_000
const ICONS = {
  print: 'M7 9V3h10v6M7 17H4V9h16v8h-3M7 14h10v7H7z',
  pdf: 'M6 3h8l4 4v14H6zM14 3v4h4M12 10v7M9 14l3 3 3-3',
  picture: 'M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 4M15.500 9v.01',
  share: 'M12 15V4M8 8l4-4 4 4M5 12v8h14v-8'
}

/** The token is read from the address, or from what this device ordered; the page
 * keeps it nowhere. */
export function ReceiptPage({id, token: given}) {
  const token = given ?? keptOrder(id)?.token ?? ''
  const code = useValue(language)
  const receipt = useReceipt({id, token, language: WRITTEN.has(code) ? code : 'en'})
  const {sheet, error, ask} = receipt
  if (!sheet && error) return html`<${Unreachable} error=${error} ask=${ask} />`
  return html`
    <${TopBar} title=${sheet?.title} order=${{id, token}} />
    <main class="receipt-page">
      ${sheet ? html`<${Known} ...${receipt} />` : html`<${Spinner} label=${t('paper.loading')} />`}
    </main>
  `
}

/**
 * `{sheet, error, ask, file}`: the receipt as it stands, asked for again whenever the
 * page is looked at again; `file(kind, paper)` fetches it as a file.
 */
function useReceipt({id, token, language: written}) {
  const [known, setKnown] = useState({})
  const [asked, setAsked] = useState(0)
  const ask = () => setAsked(n => n + 1)
  const get = (kind, read, query = '') => {
    if (!token) throw Object.assign(new Error('no token'), {status: 401})
    const path = `/orders/${encodeURIComponent(id)}/receipt.${kind}`
    const headers = {'X-Order-Token': token}
    return call('GET', `${path}?language=${written}${query}`, {headers, read})
  }
  useEffect(() => {
    let isWanted = true
    const load = async () => get('html', answer => answer.text())
    load()
      .then(text => isWanted && setKnown(old => newer(old, text)))
      .catch(error => isWanted && setKnown(old => ({...old, error})))
    return () => (isWanted = false)
  }, [id, token, written, asked])
  useEffect(() => {
    const onLook = () => document.visibilityState === 'visible' && ask()
    document.addEventListener('visibilitychange', onLook)
    return () => document.removeEventListener('visibilitychange', onLook)
  }, [])
  const file = (kind, paper) => {
    const read = answer => fileOf(answer, known.sheet.title)
    return get(kind, read, `&paper=${paper === '58' ? '58' : '80'}`)
  }
  return {...known, ask, file}
}

const newer = (old, text) =>
  old.text === text
    ? {...old, error: null}
    : {text, sheet: readSheet(text), error: null}

/** A file that is called by the restaurant, the day and the order's number. */
async function fileOf(answer, title) {
  const said = answer.headers.get('Content-Disposition') ?? ''
  const name = /filename="([^"]+)"/.exec(said)?.[1] ?? 'receipt'
  const shop = title.replace(/\s*#\d+$/, '').replace(/[^\p{L}\p{M}\p{N}]+/gu, '-')
  const blob = await answer.blob()
  const words = [shop.replace(/^-|-$/g, ''), name].filter(Boolean)
  return new File([blob], words.join('-'), {type: blob.type})
}

function Known({sheet, error, file}) {
  const [paper, choose] = usePaper(sheet)
  useEffect(() => {
    document.title = sheet.title
  }, [sheet])
  return html`
    <h1 class="hidden">${sheet.title}</h1>
    <${Tools} file=${kind => file(kind, paper)} />
    <${PaperChoice} paper=${paper} choose=${choose} />
    ${error && html`<${Notice} kind="warn">${errorWords(error)}<//>`}
    <${Paper} sheet=${sheet} paper=${paper} />
  `
}

/** Print, keep as a PDF, hand on as a picture. */
function Tools({file}) {
  const [busy, setBusy] = useState('')
  const [error, setError] = useState(null)
  const mayShare = useRef(canShare()).current
  const run = (name, work) => async () => {
    if (busy) return
    setBusy(name)
    setError(null)
    await work().catch(setError)
    setBusy('')
  }
  const pdf = run('pdf', async () => keep(await file('pdf')))
  const picture = run('picture', async () => {
    const png = await file('png')
    await (mayShare ? share(png) : keep(png))
  })
  const tool = (name, icon, words, onClick) => html`
    <button type="button" aria-busy=${busy === name ? 'true' : null} onClick=${onClick}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d=${ICONS[icon]} />
      </svg>
      ${words}
    </button>
  `
  return html`
    <div class="receipt-tools">
      ${tool('print', 'print', t('paper.print'), () => print())}
      ${tool('pdf', 'pdf', t('paper.pdf'), pdf)}
      ${
        mayShare
          ? tool('picture', 'share', t('paper.share'), picture)
          : tool('picture', 'picture', t('paper.picture'), picture)
      }
    </div>
    ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
  `
}

function canShare() {
  try {
    const files = [new File(['.'], 'receipt.png', {type: 'image/png'})]
    return Boolean(navigator.canShare?.({files}))
  } catch {
    return false
  }
}

/** Hand it on; a browser that refuses after all keeps it. */
async function share(file) {
  try {
    await navigator.share({files: [file]})
  } catch (error) {
    if (error.name !== 'AbortError') keep(file)
  }
}

function keep(file) {
  const url = URL.createObjectURL(file)
  const link = Object.assign(document.createElement('a'), {
    href: url,
    download: file.name
  })
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), KEPT_MS)
}

const PaperChoice = ({paper, choose}) => html`
  <fieldset class="receipt-papers">
    <legend>${t('paper.width')}</legend>
    ${PAPERS.map(
      each => html`
        <label key=${each}>
          <input
            type="radio"
            name="paper"
            value=${each}
            checked=${each === paper}
            onChange=${() => choose(each)}
          />
          <bdi>${t(`paper.width.${each}`)}</bdi>
        </label>
      `
    )}
  </fieldset>
`

/** The sheet as the server made it: always black on white, in its own direction. */
function Paper({sheet, paper}) {
  const place = useRef(null)
  useLayoutEffect(() => place.current.replaceChildren(...sheet.nodes), [sheet])
  return html`
    <article
      class="receipt-paper"
      data-paper=${paper}
      lang=${sheet.language}
      dir=${sheet.direction}
      aria-label=${sheet.title}
      ref=${place}
    ></article>
  `
}

const TopBar = ({title, order}) => html`
  <header class="top-bar">
    <a class="round" href=${orderUrl(order)} aria-label=${t('paper.to_order')}>
      <${Icon} name="back" flips />
    </a>
    <span class="top-name grow">${title}</span>
    <${LanguageSwitch} />
  </header>
`

function Unreachable({error, ask}) {
  const isGone = [401, 403, 404].includes(error.status)
  const key = isGone ? 'paper.unknown' : 'paper.failed'
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
