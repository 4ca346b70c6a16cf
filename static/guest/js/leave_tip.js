/** A tip after the meal: its own amount, its own invoice, never part of the bill. */

import {html, useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {call, jitter, now} from './api.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {Invoice} from './lightning_pay.js'
import {decimalsIn, fromMinor, money, msatIn, sats, toMinor} from './money.js'
import {usePay} from './paying.js'
import {shareIn, TipFields} from './tip.js'
import {Amount, Notice} from './ui.js'

const SOON_MS = 1_500
const LATER_MS = 10_000
const EAGER_ROUNDS = 30

/** `isTipping`: the guest came by a link for this. */
export function LeaveTip({order, phase, token, ask, isTipping}) {
  const {tips, take} = useTips(order, token)
  const [isOpen, setOpen] = useState(isTipping)
  const [isAnew, setAnew] = useState(false)
  const section = useRef(null)
  useEffect(() => {
    if (isTipping) section.current?.scrollIntoView({block: 'start'})
  }, [Boolean(tips)])
  const given = (tips?.data ?? []).filter(({tip}) => tip.status === 'paid')
  const known = useRef(null)
  useEffect(() => {
    if (!tips) return
    if (known.current !== null && given.length > known.current) setOpen(false)
    known.current = given.length
  }, [tips])
  if (!tips) return null
  const waiting = isAnew ? null : tips.data.filter(isPayable).at(-1)
  if (!tips.can_tip && !given.length) return null
  const hasTipped = given.length > 0 || tips.checkout_msat > 0
  const isAfter = phase === 'completed' && !hasTipped
  return html`
    <section class="later" id="tip" ref=${section} aria-label=${t('later.open')}>
      ${given.map(({tip}) => html`<${Given} key=${tip.id} tip=${tip} />`)}
      ${
        tips.can_tip && !isOpen
          ? html`<button
              type="button"
              class=${isAfter ? 'secondary wide' : 'link'}
              onClick=${() => setOpen(true)}
            >
              ${t(hasTipped ? 'later.more' : 'later.open')}
            </button>`
          : null
      }
      ${
        tips.can_tip &&
        isOpen &&
        (waiting
          ? html`<${Waiting}
              key=${waiting.tip.id}
              ...${waiting}
              ask=${ask}
              another=${() => setAnew(true)}
            />`
          : html`<${Picker}
              ...${{order, token, tips}}
              take=${found => {
                setAnew(false)
                take(found)
              }}
            />`)
      }
    </section>
  `
}

/** A tip that can be paid now, with its invoice. */
const isPayable = ({tip, invoice}) =>
  tip.status === 'open' && invoice && Date.parse(invoice.expires_at) > now()

/**
 * `{tips, take}`: the order's tips. An open one is asked after again and again: an
 * order's live news is silent about tips.
 */
function useTips(order, token) {
  const [tips, setTips] = useState(null)
  const [round, setRound] = useState(0)
  const taken = useRef(0) // what was taken over is newer than what is on its way
  const isOpen = tips?.data.some(isPayable)
  useEffect(() => {
    if (tips && !isOpen) return undefined
    let isWanted = true
    const before = taken.current
    const again = () => isWanted && setRound(n => n + 1)
    const path = `/orders/${encodeURIComponent(order.id)}/tips`
    const ask = () =>
      call('GET', path, {headers: {'X-Order-Token': token}})
        .then(found => isWanted && before === taken.current && setTips(found))
        .then(again, error => error.isUnsure && again())
    const isEager = round < EAGER_ROUNDS
    const wait = round === 0 && !tips ? 0 : isEager ? SOON_MS : jitter(LATER_MS)
    const timer = setTimeout(() => (document.hidden ? again() : ask()), wait)
    return () => {
      isWanted = false
      clearTimeout(timer)
    }
  }, [order.id, round, isOpen])
  const take = tip => {
    taken.current++
    setRound(0)
    setTips(old => ({...old, data: [...old.data, tip]}))
  }
  return {tips, take}
}

const both = ({amount, currency, amount_msat: msat}) =>
  currency === 'sat' ? sats(msat) : `${money(amount, currency)} (${sats(msat)})`

const Given = ({tip}) => html`
  <${Notice} kind="good"
    >${rich('later.paid', {amount: html`<${Amount}>${both(tip)}<//>`})}<//
  >
`

function Picker({order, token, tips, take}) {
  const [tip, setTip] = useState(null)
  const [state, setState] = useState({isBusy: false, error: null})
  const pay = usePay(order, token, 'tips')
  const of = {sum: billOf(order), currency: order.currency}
  const onTap = async () => {
    if (!tip) return
    setState({isBusy: true, error: null})
    try {
      take(await pay({amount: tip.amount ?? shareIn(of.sum, tip.percent)}))
    } catch (error) {
      setState({isBusy: false, error})
    }
  }
  const amount = tip && html`<${Amount}>${wishWords(tip, of)}<//>`
  return html`
    <${TipFields}
      options=${tips.options}
      hasNone=${false}
      tip=${tip}
      set=${setTip}
      of=${of}
      currency=${order.currency}
      decimals=${decimalsIn(order.total)}
      note=${t('later.text')}
    />
    ${state.error && html`<${Notice} kind="bad" role="alert">${errorWords(state.error)}<//>`}
    <button
      type="button"
      class="primary wide"
      aria-disabled=${tip && !state.isBusy ? null : 'true'}
      onClick=${onTap}
    >
      <span>${tip ? rich('later.pay', {amount}) : t('later.pick')}</span>
    </button>
  `
}

const wishWords = ({percent, amount}, {sum, currency}) =>
  money(amount ?? shareIn(sum, percent), currency)

/** The order's total without its tip: what percentages are of. */
function billOf(order) {
  const decimals = decimalsIn(order.total)
  if (!order.amounts) {
    const msat = order.total_msat - order.tip_msat
    return msatIn(msat, order.currency, order.rates, decimals)
  }
  return fromMinor(toMinor(order.total) - toMinor(order.amounts.tip), decimals)
}

const Waiting = ({tip, invoice, ask, another}) => html`
  <div class="pay">
    <p class="later-amount"><${Amount}>${money(tip.amount, tip.currency)}<//></p>
    ${tip.currency !== 'sat' && html`<p class="pay-sats"><${Amount}>${sats(tip.amount_msat)}<//></p>`}
    <${Invoice} bolt11=${invoice.payment_request} ask=${ask} />
    <button type="button" class="link" onClick=${another}>${t('later.another')}</button>
  </div>
`
