/** Splitting the bill: in equal parts, by what everybody had, or by amounts. */

import {html, useRef, useState} from '../../vendor/htm-preact.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {decimalsIn, fromMinor, money, readAmount, toMinor} from './money.js'
import {splitBill} from './split.js'
import {closeLayer, uuid} from './state.js'
import {Amount, Icon, Notice, Sheet, Stepper} from './ui.js'

const PARTS_MAX = 50
const PEOPLE_MAX = 12
const NAME_MAX = 40
const KINDS = ['parts', 'lines', 'amounts']

export function SplitSheet({order, token, splitting}) {
  const [by, setBy] = useState('parts')
  const [wishes, setWishes] = useState({parts: 2, people: newPeople(), amounts: ['']})
  const {isBusy, error, split} = useSplitting(order, token, splitting)
  const kinds = isByGuests(order) ? ['guests', ...KINDS] : KINDS
  const body = bodyOf(by, wishes, order)
  const change = fields => setWishes(old => ({...old, ...fields}))
  const View = {parts: Parts, lines: Lines, amounts: Amounts}[by]
  const footer = html`
    <button
      type="button"
      class="primary grow"
      aria-disabled=${body && !isBusy ? null : 'true'}
      onClick=${() => body && !isBusy && split(body)}
    >
      ${t('split.do')}
    </button>
  `
  return html`
    <${Sheet} wide label=${t('split.title')} footer=${footer}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('split.title')}</h2>
        <div class="split-kinds" role="group" aria-label=${t('split.how')}>
          ${kinds.map(
            kind => html`
              <button
                type="button"
                class="pay-tile"
                aria-pressed=${kind === by ? 'true' : 'false'}
                onClick=${() => setBy(kind)}
              >
                ${t(`split.by.${kind}`)}
              </button>
            `
          )}
        </div>
        ${View && html`<${View} order=${order} wishes=${wishes} change=${change} />`}
        ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
      </div>
    <//>
  `
}

/** Sends a wish once, however often it has to be sent. */
function useSplitting(order, token, splitting) {
  const [state, setState] = useState({isBusy: false, error: null})
  const wish = useRef({text: '', key: ''})
  const split = async body => {
    const text = JSON.stringify(body)
    if (wish.current.text !== text) wish.current = {text, key: uuid()}
    setState({isBusy: true, error: null})
    try {
      splitting.take(await splitBill(order, token, body, wish.current.key))
      closeLayer()
    } catch (error) {
      if (!error.isUnsure) wish.current = {text: '', key: ''}
      setState({isBusy: false, error})
    }
  }
  return {...state, split}
}

const isByGuests = ({items}) =>
  new Set(items.map(line => line.guest).filter(Boolean)).size > 1

/** What to ask for, or null as long as it would not split anything. */
function bodyOf(by, {parts, people, amounts}, order) {
  if (by === 'guests') return {by}
  if (by === 'parts') return {by, parts}
  if (by === 'lines') return linesBody(people, order)
  const named = amounts.map(text => readAmount(text, decimalsIn(order.due)))
  const filled = named.filter(text => text && toMinor(text) > 0n)
  const isWrong = amounts.some((text, index) => text.trim() && !named[index])
  if (isWrong || !filled.length || restOf(amounts, order) < 0n) return null
  const isWhole = filled.length === 1 && restOf(amounts, order) === 0n
  return isWhole ? null : {by, amounts: filled}
}

// --- equal parts ------------------------------------------------------------------

function Parts({order, wishes, change}) {
  const each = toMinor(order.due) / BigInt(wishes.parts)
  const text = fromMinor(each, decimalsIn(order.due))
  return html`
    <div class="split-parts">
      <span>${t('split.people')}</span>
      <${Stepper}
        name=${t('split.people')}
        value=${wishes.parts}
        min=${2}
        max=${PARTS_MAX}
        onChange=${parts => change({parts})}
      />
    </div>
    <p class="split-each">
      ${rich('split.each', {
        amount: html`<strong><${Amount}>${money(text, order.currency)}<//></strong>`
      })}
    </p>
  `
}

// --- by what everybody had ----------------------------------------------------------

/** Names by person, and who had which piece: `{names, active, of: {piece: person}}`. */
const newPeople = () => ({names: ['', ''], active: 0, of: {}})

/** Every single thing of the order; what is many stays together. */
function piecesOf(order) {
  return order.items.flatMap(line => {
    const isMany = line.quantity > PEOPLE_MAX
    const count = isMany ? 1 : line.quantity
    return Array.from({length: count}, (_, index) => ({
      id: `${line.id}.${index}`,
      line,
      quantity: isMany ? line.quantity : 1
    }))
  })
}

function linesBody({names, of}, order) {
  const shares = names.map((name, person) => {
    const counts = new Map()
    for (const {id, line, quantity} of piecesOf(order)) {
      if (of[id] === person) counts.set(line.id, (counts.get(line.id) ?? 0) + quantity)
    }
    const lines = [...counts].map(([line_id, quantity]) => ({line_id, quantity}))
    return {label: name.trim() || t('split.person', {n: person + 1}), lines}
  })
  const named = shares.filter(share => share.lines.length)
  const isAllTaken = Object.keys(of).length === piecesOf(order).length
  const isSplit = named.length > 1 || (named.length === 1 && !isAllTaken)
  return isSplit ? {by: 'lines', shares: named} : null
}

function Lines({order, wishes, change}) {
  const {people} = wishes
  const set = fields => change({people: {...people, ...fields}})
  const take = id => {
    const {[id]: owner, ...others} = people.of
    set({of: owner === people.active ? others : {...people.of, [id]: people.active}})
  }
  const rename = name =>
    set({names: people.names.map((old, n) => (n === people.active ? name : old))})
  return html`
    <p class="about">${t('split.tap')}</p>
    <${People} people=${people} set=${set} />
    <label class="field">
      <span>${t('split.name')}</span>
      <input
        value=${people.names[people.active]}
        maxlength=${NAME_MAX}
        autocomplete="off"
        placeholder=${t('split.person', {n: people.active + 1})}
        onInput=${event => rename(event.target.value)}
      />
    </label>
    <ul class="split-lines">
      ${piecesOf(order).map(
        piece => html`<${Piece} key=${piece.id} ...${{piece, people, take}} />`
      )}
    </ul>
  `
}

const nameOf = ({names}, person) =>
  names[person].trim() || t('split.person', {n: person + 1})

const People = ({people, set}) => html`
  <div class="split-people" role="group" aria-label=${t('split.who')}>
    ${people.names.map(
      (_, person) => html`
        <button
          type="button"
          class="chip"
          aria-pressed=${person === people.active ? 'true' : 'false'}
          onClick=${() => set({active: person})}
        >
          ${nameOf(people, person)}
        </button>
      `
    )}
    ${
      people.names.length < PEOPLE_MAX &&
      html`<button
        type="button"
        class="chip"
        aria-label=${t('split.add_person')}
        onClick=${() => set({names: [...people.names, ''], active: people.names.length})}
      >
        <${Icon} name="plus" />
      </button>`
    }
  </div>
`

function Piece({piece, people, take}) {
  const owner = people.of[piece.id]
  const isTaken = owner !== undefined
  const name =
    piece.quantity > 1 ? `${piece.quantity} × ${piece.line.name}` : piece.line.name
  const choices = piece.line.modifiers.map(modifier => modifier.name).join(', ')
  return html`
    <li>
      <button
        type="button"
        class=${isTaken ? 'split-line taken' : 'split-line'}
        aria-pressed=${owner === people.active ? 'true' : 'false'}
        onClick=${() => take(piece.id)}
      >
        <span class="grow">
          ${name} ${choices && html`<small class="choices">${choices}</small>`}
        </span>
        <small>${isTaken ? nameOf(people, owner) : t('split.nobody')}</small>
      </button>
    </li>
  `
}

// --- by amounts ------------------------------------------------------------------------

/** What is left of the bill, in minor units; below zero when the amounts are more. */
function restOf(amounts, order) {
  const decimals = decimalsIn(order.due)
  const sum = amounts.reduce(
    (all, text) => all + toMinor(readAmount(text, decimals) ?? '0'),
    0n
  )
  return toMinor(order.due) - sum
}

function Amounts({order, wishes, change}) {
  const {amounts} = wishes
  const decimals = decimalsIn(order.due)
  const rest = restOf(amounts, order)
  const set = (index, text) =>
    change({amounts: amounts.map((old, n) => (n === index ? text : old))})
  const left = money(fromMinor(rest < 0n ? -rest : rest, decimals), order.currency)
  const amount = html`<strong><${Amount}>${left}<//></strong>`
  return html`
    ${amounts.map((text, index) => {
      const isWrong = Boolean(text.trim()) && !readAmount(text, decimals)
      return html`
        <label class="field" key=${index}>
          <span>${t('split.amount', {n: index + 1, currency: order.currency})}</span>
          <input
            inputmode="decimal"
            autocomplete="off"
            value=${text}
            aria-invalid=${isWrong ? 'true' : null}
            onInput=${event => set(index, event.target.value)}
          />
          ${isWrong && html`<small class="fault">${t('tip.wrong')}</small>`}
        </label>
      `
    })}
    ${
      amounts.length < PEOPLE_MAX &&
      html`<button
        type="button"
        class="link"
        onClick=${() => change({amounts: [...amounts, '']})}
      >
        <${Icon} name="plus" /> ${t('split.add_amount')}
      </button>`
    }
    <p class=${rest < 0n ? 'split-each fault' : 'split-each'} role="status">
      ${rich(rest < 0n ? 'split.too_much' : 'split.rest_is', {amount})}
    </p>
  `
}
