/** The lines of the cart: what was chosen, what it costs, what ails it. */

import {html} from '../../vendor/htm-preact.js'
import {QUANTITY_MAX} from './cart.js'
import {namesOf, partsOf, priceOf, troubleOf, wareOf} from './choices.js'
import {lineTroubleIn} from './errors.js'
import {t} from './i18n.js'
import {decimalsIn, fromMinor, money, toMinor} from './money.js'
import {openLayer} from './state.js'
import {Amount, Icon, Stepper} from './ui.js'

/** What ails each line: by the menu that we see, else by what the server said. */
export function troublesOf(value, items, error, timezone) {
  const said = lineTroubleIn(error, timezone)
  return value.lines.map(
    (line, index) =>
      troubleOf(line, value, items, timezone) ?? (said?.line === index ? said : null)
  )
}

/** The lines of the cart, each with what ails it; `quote` tells what is off them. */
export const CartLines = view => html`
  <ul class="lines-list">
    ${view.value.lines.map(
      (line, index) => html`
        <${Line}
          key=${line.id}
          ...${view}
          line=${line}
          index=${index}
          trouble=${view.troubles[index]}
        />
      `
    )}
  </ul>
`

function Line({line, index, trouble, cart, items, quote}) {
  const ware = wareOf(line, items)
  const name = ware?.name ?? line.name ?? t('line.unknown')
  const kind = line.combo ? 'combo' : 'item'
  const edit = () => openLayer({name: kind, id: ware.id, line: line.id})
  return html`
    <li class=${trouble ? 'line troubled' : 'line'}>
      <div class="grow">
        <h3>
          ${ware ? html`<button type="button" class="line-open" onClick=${edit}>${name}</button>` : name}
        </h3>
        <${Chosen} ware=${ware} line=${line} items=${items} />
        ${line.note && html`<p class="line-note"><${Icon} name="note" /> ${line.note}</p>`}
        ${
          ware &&
          html`<p class="line-price">
            <${Amount}>${money(priceOf(ware, line, items), ware.currency)}<//>
          </p>`
        }
        <${LineDiscounts} quote=${quote} index=${index} />
        ${trouble && html`<${Trouble} ...${{line, name, trouble, cart}} />`}
      </div>
      <${Stepper}
        name=${name}
        value=${line.quantity}
        max=${ware?.left ?? QUANTITY_MAX}
        onChange=${quantity => cart.count(line.id, quantity)}
      />
    </li>
  `
}

/** What is wrong, and one tap that puts it right where there is one. */
function Trouble({line, name, trouble, cart}) {
  const {key, isGone, n} = trouble
  const isShort = key === 'line.short' && n > 0
  const take = quantity => () => cart.count(line.id, quantity)
  return html`
    <p class="fault" role="alert">
      ${t(key === 'line.type' ? `line.type.${cart.get().place.type}` : key, trouble)}
    </p>
    ${
      isGone &&
      html`<button
        type="button"
        class="secondary small"
        aria-label=${t('line.remove_name', {name})}
        onClick=${take(0)}
      >
        <${Icon} name="bin" /> ${t('line.remove')}
      </button>`
    }
    ${
      isShort &&
      html`<button type="button" class="secondary small" onClick=${take(n)}>
        ${t('line.take', {n})}
      </button>`
    }
  `
}

/** What was chosen of an item, in one line; what is in a set menu, one by one. */
function Chosen({ware, line, items}) {
  if (!ware) return null
  if (line.combo)
    return html`<ul class="line-choices">
      ${partsOf(ware, line.choices, items).map(part => html`<li>${part}</li>`)}
    </ul>`
  const names = namesOf(ware, line.modifiers)
  return names.length > 0 && html`<p class="line-choices">${names.join(', ')}</p>`
}

/** What is taken off a line; a set menu's price has its saving in it already. */
function LineDiscounts({quote, index}) {
  if (!quote) return null
  const own = quote.lines.filter(({line}) => line === index)
  const sums = new Map()
  for (const {name, kind, amount} of own.flatMap(line => line.discounts)) {
    if (kind === 'combo' || kind === 'tax_exempt') continue
    sums.set(name, (sums.get(name) ?? 0n) + toMinor(amount))
  }
  return [...sums].map(([name, minor]) => {
    const off = money(fromMinor(-minor, decimalsIn(quote.total)), quote.currency)
    return html`<p class="line-off">${name} <${Amount}>${off}<//></p>`
  })
}
