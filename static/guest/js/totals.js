/** The figures of a quote or an order, in fiat and satoshi. */

import {html, useEffect} from '../../vendor/htm-preact.js'
import {clock, rich, t} from './i18n.js'
import {decimalsIn, money, msatIn, rateText, sats} from './money.js'
import {Amount, timeLeft, useNow} from './ui.js'

const NO_RATE_NEEDED = new Set(['sat', 'msat', 'BTC'])

/** Under the cart: sums, total in both moneys, and the rate behind them. */
export function Totals({quote, quoting, restaurant}) {
  if (!quote) {
    const words = quoting.busy ? 'cart.counting' : 'cart.no_total'
    return html`<p class="totals-wait" role="status">${t(words)}</p>`
  }
  return html`<${Figures} of=${quote} timezone=${restaurant.timezone} />`
}

/** `of` is a quote or an order: both carry the same figures. */
export function Figures({of, timezone}) {
  const isBitcoin = NO_RATE_NEEDED.has(of.currency)
  const show = msat => {
    if (isBitcoin) return sats(msat)
    const text = msatIn(msat, of.currency, of.rates, decimalsIn(of.total))
    return money(text, of.currency)
  }
  const addsTax = of.tax_msat && !of.tax_inclusive
  const hasMore = of.tip_msat || of.service_msat || of.discount_msat || addsTax
  return html`
    <dl class="totals">
      ${hasMore ? html`<${Row} name=${t('total.subtotal')} sum=${show(of.subtotal_msat)} />` : null}
      ${of.discount_msat ? html`<${Row} name=${t('total.discount')} sum=${show(-of.discount_msat)} />` : null}
      ${of.service_msat ? html`<${Row} name=${t('total.service')} sum=${show(of.service_msat)} />` : null}
      ${addsTax ? html`<${Row} name=${t('total.tax')} sum=${show(of.tax_msat)} />` : null}
      ${of.tip_msat ? html`<${Row} name=${t('total.tip')} sum=${show(of.tip_msat)} />` : null}
      <${Row}
        name=${t('total.total')}
        sum=${money(of.total, of.currency)}
        kind="total"
      />
      ${of.currency !== 'sat' && html`<${Row} name=${t('total.in_sat')} sum=${sats(of.total_msat)} />`}
      ${
        of.tax_msat && of.tax_inclusive
          ? html`<${Row}
              name=${t('total.tax_in')}
              sum=${show(of.tax_msat)}
              kind="quiet"
            />`
          : null
      }
    </dl>
    ${rateLine(of, timezone)}
  `
}

const Row = ({name, sum, kind = ''}) => html`
  <div class="totals-row ${kind}">
    <dt>${name}</dt>
    <dd><${Amount}>${sum}<//></dd>
  </div>
`

/** "1 GTQ = 158.635 sat, as of 12:03" */
function rateLine({rates, rate_at: at}, timezone) {
  const known = Object.entries(rates)
  if (!known.length) return null
  const words = known.map(([code, rate]) => t('rate', {code, rate: rateText(rate)}))
  return html`<p class="rate">
    ${words.join(' · ')}${at ? ` · ${t('rate.at', {time: clock(at, timezone)})}` : ''}
  </p>`
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
