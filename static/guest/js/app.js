/** Which page this is: a restaurant's menu, one order, or its receipt. */

import {html, render} from '../../vendor/htm-preact.js'
import {language, speak} from './i18n.js'
import {address, useValue} from './state.js'
import {lazy, OfflineBanner, view} from './ui.js'

const MENU = /^\/restaurant\/m\/([^/#]+)/
const ORDER = /^\/restaurant\/o\/([^/#]+)/
const RECEIPT = /^\/restaurant\/r\/([^/#]+)/

const MenuPage = lazy(async () => {
  const {lookAhead, MenuPage} = await import('./menu_page.js')
  const menu = MENU.exec(address.get())
  if (menu) lookAhead(decodeURIComponent(menu[1]))
  return MenuPage
})
const OrderPage = lazy(() => import('./order_page.js').then(module => module.OrderPage))
const ReceiptPage = view('./receipt_page.js', 'ReceiptPage')

const PAGES = [
  [MENU, MenuPage],
  [ORDER, OrderPage],
  [RECEIPT, ReceiptPage]
]

function App() {
  useValue(language)
  const where = useValue(address)
  const menu = MENU.exec(where)
  const order = ORDER.exec(where)
  const receipt = RECEIPT.exec(where)
  const said = new URLSearchParams(where.split('#')[1] ?? '')
  return html`
    <${OfflineBanner} />
    ${menu && html`<${MenuPage} key=${where} slug=${decodeURIComponent(menu[1])} />`}
    ${
      order &&
      html`<${OrderPage}
        key=${where}
        id=${decodeURIComponent(order[1])}
        token=${said.get('k')}
        isSplit=${said.has('split')}
        isTipping=${said.has('tip')}
      />`
    }
    ${
      receipt &&
      html`<${ReceiptPage}
        key=${where}
        id=${decodeURIComponent(receipt[1])}
        token=${said.get('k')}
      />`
    }
  `
}

async function start() {
  const shell = document.getElementById('app')
  const [, page] = PAGES.find(([path]) => path.test(address.get())) ?? []
  const pageIsHere = page?.prefetch()
  try {
    await speak()
    await pageIsHere
    shell.replaceChildren()
    shell.removeAttribute('aria-busy')
    render(html`<${App} />`, shell)
  } catch {
    document.getElementById('failed').hidden = false
    shell.replaceChildren()
  }
}

start()
