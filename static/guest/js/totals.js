/** The figures of a quote or an order, in fiat and satoshi. */

import {html, useEffect} from '../../vendor/htm-preact.js'
import {ago, clock, rich, t} from './i18n.js'
import {
  decimalsIn,
  money,
  msatIn,
  percentText,
  rateText,
  sats,
  toMinor
} from './money.js'
import {Amount, timeLeft, useNow} from './ui.js'

const NO_RATE_NEEDED = new Set(['sat', 'msat', 'BTC'])

/** Under the cart: sums, total in both moneys, and the rate behind them. */
export function Totals({quote, quoting, restaurant}) {
  if (quote) return html`<${Figures} of=${quote} restaurant=${restaurant} />`
  const isShort = quoting.error?.code === 'order.minimum' // said where it can be seen
  if (isShort) return null
  const words = quoting.busy ? 'cart.counting' : 'cart.no_total'
  return html`<p class="totals-wait" role="status">${t(words)}</p>`
}

/** `of` is a quote or an order: both carry the same figures; `taxes` tells more of them. */
export function Figures({of, restaurant, taxes}) {
  const sums = of.amounts ?? converted(of)
  const show = text => money(text, of.currency)
  const isAdded = !of.tax_inclusive
  const more = [
    ...of.discounts.map(each => discountRow(each)),
    ...of.charges.map(each => chargeRow(each, restaurant)),
    ...(of.amounts ? [] : olderRows(sums, isAdded)),
    ...(isAdded ? taxRows(of, 'total.tax_rate') : []),
    isSome(sums.tip) && {name: t('total.tip'), sum: sums.tip},
    isSome(sums.rounding) && {name: t('total.rounding'), sum: sums.rounding}
  ].filter(Boolean)
  return html`
    <dl class="totals">
      ${more.length > 0 && html`<${Row} name=${t('total.subtotal')} sum=${show(sums.subtotal)} />`}
      ${more.map(row => html`<${Row} ...${row} sum=${show(row.sum)} />`)}
      <${Row} name=${t('total.total')} sum=${show(of.total)} kind="total" />
      ${of.currency !== 'sat' && html`<${Row} name=${t('total.in_sat')} sum=${sats(of.total_msat)} />`}
      ${
        !isAdded &&
        !taxes &&
        taxRows(of, 'total.tax_in').map(
          row => html`<${Row} ...${row} sum=${show(row.sum)} kind="quiet" />`
        )
      }
    </dl>
    ${taxes} ${exemptWords(of)}
    <${RateLine} of=${of} timezone=${restaurant?.timezone} />
  `
}

const Row = ({name, about, sum, kind = ''}) => html`
  <div class="totals-row ${kind}">
    <dt>${name}${about && html`<small>${about}</small>`}</dt>
    <dd><${Amount}>${sum}<//></dd>
  </div>
`

const isSome = text => toMinor(text) !== 0n

/** "Happy hour −5.00"; what the staff took off says why. */
function discountRow({name, trigger, reason, amount}) {
  const key = {combo: 'total.combo', staff: 'total.staff', tax_exempt: 'total.exempt'}[
    trigger
  ]
  const about = trigger === 'tax_exempt' ? name : reason
  return {name: key ? t(key, {name}) : name, about, sum: `-${amount}`, kind: 'off'}
}

/** "Service 10 %", and for whom, when it is not for all. */
function chargeRow({kind, name, percent, amount}, restaurant) {
  const rule = restaurant?.charges.find(
    each => each.kind === kind && each.name === name && each.from_covers
  )
  return {
    name: percent ? `${name} ${percentText(percent)}` : name,
    about: rule && t('total.party', {n: rule.from_covers}),
    sum: amount
  }
}

/** Why there is no tax, where prices had none in them that could be taken off. */
const exemptWords = ({tax_exempt_reason: reason, discounts}) =>
  reason &&
  !discounts.some(({trigger}) => trigger === 'tax_exempt') &&
  html`<p class="rate">${t('total.exempt')}: ${reason}</p>`

/** One for each rate of tax. */
const taxRows = ({taxes}, key) =>
  taxes
    .filter(({tax}) => isSome(tax))
    .map(({rate, tax}) => ({name: t(key, {rate: percentText(rate)}), sum: tax}))

// --- orders of older versions: no sums in their currency, no names ---------------------

function converted(of) {
  const decimals = decimalsIn(of.total)
  const names = ['subtotal', 'discount', 'service', 'tax', 'tip', 'rounding']
  const text = name => msatIn(of[`${name}_msat`], of.currency, of.rates, decimals)
  return Object.fromEntries(names.map(name => [name, text(name)]))
}

const olderRows = ({discount, service, tax}, isAdded) => [
  isSome(discount) && {name: t('total.discount'), sum: `-${discount}`, kind: 'off'},
  isSome(service) && {name: t('total.service'), sum: service},
  isAdded && isSome(tax) && {name: t('total.tax'), sum: tax}
]

// --- rates --------------------------------------------------------------------------------

/** "1 GTQ = 158.635 sat · market rate, 12 s ago · +1 %" */
function RateLine({of, timezone}) {
  const known = Object.entries(of.rates).filter(([code]) => !NO_RATE_NEEDED.has(code))
  const at = useNow(!of.id && known.length > 0)
  if (!known.length) return null
  const sources = of.rate_sources ?? {}
  const isHouse = ([code]) => sources[code] === 'house'
  const words = known.map(each => {
    const rate = t('rate', {code: each[0], rate: rateText(each[1])})
    return isHouse(each) ? `${rate} · ${t('rate.house')}` : rate
  })
  if (!known.every(isHouse)) words.push(...marketWords(of, at, timezone))
  return html`<p class="rate">${words.join(' · ')}</p>`
}

/** How old the market's rate is, and what the restaurant adds to it. */
function marketWords(
  {rate_at: from, rate_markup_percent: markup, ...of},
  at,
  timezone
) {
  const isOrder = Boolean(of.id)
  const time = from && (isOrder ? clock(from, timezone) : ago(Date.parse(from), at))
  const words = [
    time ? t(isOrder ? 'rate.at' : 'rate.market_age', {time}) : t('rate.market')
  ]
  if (markup && Number(markup) !== 0) {
    words.push(
      `${Number(markup) > 0 ? '+' : '−'}${percentText(markup.replace('-', ''))}`
    )
  }
  return words
}

/** How long the price holds; when it ends, the quoter asks again. */
export function QuoteClock({quoter, quote}) {
  const at = useNow()
  const until = Date.parse(quote.expires_at)
  const isOver = until <= at
  useEffect(() => {
    if (isOver && !document.hidden && !quoter.state.get().error) quoter.ensure()
  }, [at])
  if (isOver)
    return html`<p class="quote-clock" role="status">${t('cart.renewing')}</p>`
  return html`<p class="quote-clock">
    ${quote.currency !== 'sat' && html`<${Amount}>${sats(quote.total_msat)}<//> · `}
    ${rich('cart.holds', {time: html`<bdi class="figures">${timeLeft(until, at)}</bdi>`})}
  </p>`
}
