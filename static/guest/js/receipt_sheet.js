/** The server's page of a receipt, taken apart into what this page may show. */

const DOTS_WANTED = 320

const TAGS = new Set(
  'div p span dl dt dd hr pre figure figcaption svg path img'.split(' ')
)
const ATTRIBUTES = new Set(
  'class dir alt src viewbox d shape-rendering aria-hidden'.split(' ')
)
const PICTURE = 'data:image/png;base64,'

/**
 * `{title, language, direction, nodes}` of a page that the server made: elements that
 * say something, nothing that runs, loads or has looks of its own.
 */
export function readSheet(text) {
  // This page allows no styles but its own; they would only be complained about.
  const plain = text.replace(/<style>[^<]*<\/style>/, '')
  const page = new DOMParser().parseFromString(plain, 'text/html')
  for (const element of [...page.body.querySelectorAll('*')]) clean(element)
  for (const code of page.body.querySelectorAll('svg')) size(code)
  for (const picture of page.body.querySelectorAll('img')) sizeOnceLoaded(picture)
  const {lang, dir} = page.documentElement
  return {
    title: page.title,
    language: lang,
    direction: dir,
    nodes: [...document.adoptNode(page.body).childNodes]
  }
}

function clean(element) {
  if (!TAGS.has(element.localName)) return element.remove()
  for (const {name, value} of [...element.attributes]) {
    const isKept = ATTRIBUTES.has(name.toLowerCase())
    const isForeign = name === 'src' && !value.startsWith(PICTURE)
    if (!isKept || isForeign) element.removeAttribute(name)
  }
}

/** A module of a code is a whole number of a printer's dots, so that all are alike. */
function size(code) {
  const modules = code.viewBox.baseVal.width
  setDots(code, modules * Math.max(1, Math.floor(DOTS_WANTED / modules)))
}

/** A logo is made of a receipt printer's dots. */
function sizeOnceLoaded(picture) {
  const set = () => setDots(picture, picture.naturalWidth)
  picture.addEventListener('load', set, {once: true})
}

const setDots = (element, dots) => element.style.setProperty('--dots', dots)
