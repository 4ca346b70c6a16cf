/** One menu item: choices, note, quantity, and "Add" with what it comes to. */

import {html, useState} from '../../vendor/htm-preact.js'
import {NOTE_MAX, QUANTITY_MAX} from './cart.js'
import {chosenIn, groupsOf, isSatisfied, priceOf} from './choices.js'
import {rich, t} from './i18n.js'
import {money, toMinor} from './money.js'
import {refusalOf} from './offered.js'
import {closeLayer} from './state.js'
import {Allergens, Amount, Icon, Notice, Photo, Sheet, Stepper} from './ui.js'

export function ItemSheet({layer, items, ...shop}) {
  const item = items.get(layer.id)
  if (item) return html`<${OpenItem} ...${shop} item=${item} lineId=${layer.line} />`
  return html`
    <${Sheet} label=${t('sold_out')}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('sold_out')}</h2>
        <${Notice} kind="warn">${t('line.gone')}<//>
      </div>
    <//>
  `
}

function OpenItem({item, lineId, cart, ...shop}) {
  const edited = cart.get().lines.find(line => line.id === lineId)
  const [line, setLine] = useState(() => edited ?? newLine(item))
  const patch = fields => setLine(old => ({...old, ...fields}))
  const save = () => {
    if (!closeLayer()) return
    if (edited) cart.replace(edited.id, line)
    else cart.add(line)
  }
  const blocker = refusalOf(item, shop) ?? blockerOf(item, line)
  const foot = {item, line, patch, blocker, save, isEdit: Boolean(edited)}
  return html`
    <${Sheet} label=${item.name} footer=${html`<${Foot} ...${foot} />`}>
      <${Photo}
        class="sheet-photo"
        url=${item.image_url}
        width="640"
        height="420"
        eager
      />
      <div class="sheet-body">
        <${About} item=${item} />
        ${groupsOf(item).map(
          group =>
            html`<${Group}
              key=${group.id}
              currency=${item.currency}
              ...${{group, line, patch}}
            />`
        )}
        <${Note} line=${line} patch=${patch} />
      </div>
    <//>
  `
}

const About = ({item}) => html`
  <h2 class="sheet-title">${item.name}</h2>
  <p class="item-price"><${Amount}>${money(item.price, item.currency)}<//></p>
  ${item.description && html`<p class="about lines">${item.description}</p>`}
  <${Allergens} names=${item.allergens} />
`

export const Note = ({line, patch}) => html`
  <label class="field">
    <span>${t('item.note')}</span>
    <textarea
      rows="2"
      maxlength=${NOTE_MAX}
      placeholder=${t('item.note_hint')}
      value=${line.note}
      onInput=${event => patch({note: event.target.value})}
    ></textarea>
  </label>
`

const newLine = item => ({
  item: item.id,
  quantity: 1,
  modifiers: freshModifiers(item),
  note: ''
})

/** What is chosen of an item at first: where there is but one way, that. */
export const freshModifiers = item =>
  item.modifier_groups.flatMap(group => {
    const there = group.modifiers.filter(modifier => modifier.is_available)
    const isOnly = group.min === 1 && there.length === 1
    return isOnly ? [{id: there[0].id, quantity: 1}] : []
  })

/** Why this cannot be added now: `{text, group?}`, or null. */
function blockerOf(item, line) {
  const gone = goneFrom(item, line)
  if (gone) return {text: `${gone.name}: ${t('sold_out')}`}
  const open = groupsOf(item).find(group => !isSatisfied(group, line.modifiers))
  return open ? {text: t('item.choose', {name: open.name}), group: open.id} : null
}

/** A chosen modifier that has sold out since. */
function goneFrom(item, line) {
  const chosen = new Set(line.modifiers.map(({id}) => id))
  return item.modifier_groups
    .flatMap(group => group.modifiers)
    .find(modifier => chosen.has(modifier.id) && !modifier.is_available)
}

/** How many, and "Add" with what it comes to; or what is missing yet. */
export function Foot({item, line, items, patch, blocker, save, isEdit}) {
  const onTap = () => (blocker ? showGroup(blocker.group) : save())
  const price = money(priceOf(item, line, items), item.currency)
  const amount = html`<${Amount}>${price}<//>`
  const words = isEdit ? 'item.update' : 'item.add'
  return html`
    <${Stepper}
      name=${item.name}
      value=${line.quantity}
      min=${1}
      max=${Math.min(item.left ?? QUANTITY_MAX, QUANTITY_MAX)}
      onChange=${quantity => patch({quantity})}
    />
    <button
      type="button"
      class=${blocker ? 'primary grow unready' : 'primary grow'}
      aria-disabled=${blocker && !blocker.group ? 'true' : null}
      onClick=${onTap}
    >
      <span>${blocker ? blocker.text : rich(words, {amount})}</span>
    </button>
  `
}

export const groupId = id => `group-${id}`

export function showGroup(id) {
  const group = id && document.getElementById(groupId(id))
  if (!group) return
  group.scrollIntoView({block: 'center'})
  group.querySelector('input:not([disabled])')?.focus({preventScroll: true})
}

/** One group of choices; `patch` gets `{modifiers}` as they are after a tap. */
export function Group({group, currency, line, patch}) {
  const isDone = group.min > 0 && isSatisfied(group, line.modifiers)
  const set = (id, quantity) =>
    patch({modifiers: withChoice(line.modifiers, group, id, quantity)})
  return html`
    <fieldset class="group" id=${groupId(group.id)}>
      <legend>
        <span class="group-name">${group.name}</span>
        <span class=${isDone ? 'rule done' : group.min ? 'rule needed' : 'rule'}
          >${ruleOf(group)}</span
        >
      </legend>
      ${group.modifiers.map(
        modifier => html`
          <${Choice}
            key=${modifier.id}
            group=${group}
            modifier=${modifier}
            currency=${currency}
            chosen=${line.modifiers}
            set=${set}
          />
        `
      )}
    </fieldset>
  `
}

/** "Choose 1", "Choose 1 to 3", "Optional, up to 2" … */
function ruleOf({min, max}) {
  if (min === 0) return max === null ? t('rule.any') : t('rule.up_to', {n: max})
  if (max === null) return t('rule.at_least', {n: min})
  return min === max ? t('rule.exactly', {n: min}) : t('rule.range', {min, n: max})
}

function Choice({group, modifier, currency, chosen, set}) {
  const quantity = chosen.find(({id}) => id === modifier.id)?.quantity ?? 0
  const isSingle = group.max === 1
  const room = roomIn(group, chosen)
  const canAdd = modifier.is_available && (isSingle || room > 0)
  const canRepeat = !isSingle && (quantity > 1 || (quantity && room > 0))
  return html`
    <div class=${modifier.is_available ? 'choice' : 'choice sold-out'}>
      <label>
        <input
          type=${isSingle && group.min === 1 ? 'radio' : 'checkbox'}
          name=${group.id}
          checked=${quantity > 0}
          disabled=${!quantity && !canAdd}
          onChange=${() => set(modifier.id, quantity ? 0 : 1)}
        />
        <span class="grow">${modifier.name}</span>
        <${ChoiceFacts} modifier=${modifier} currency=${currency} />
      </label>
      ${canRepeat ? html`<${Repeat} ...${{modifier, quantity, room, set}} />` : null}
    </div>
  `
}

/** How many more a group takes. */
const roomIn = (group, chosen) =>
  group.max === null ? QUANTITY_MAX : group.max - chosenIn(group, chosen)

function ChoiceFacts({modifier, currency}) {
  const {price_delta: delta, is_available: isThere} = modifier
  return html`
    ${!isThere && html`<span class="tag">${t('sold_out')}</span>`}
    ${
      toMinor(delta) !== 0n &&
      html`<${Amount} class="delta">${money(delta, currency, {sign: true})}<//>`
    }
  `
}

/** Once is a tick and a plus; only more than once is counted. */
function Repeat({modifier, quantity, room, set}) {
  const {id, name} = modifier
  if (quantity > 1) {
    const onChange = next => set(id, next)
    return html`<${Stepper}
      ...${{name, onChange}}
      value=${quantity}
      min=${1}
      max=${quantity + room}
    />`
  }
  return html`
    <button
      type="button"
      class="round again"
      aria-label=${t('more', {name})}
      onClick=${() => set(id, 2)}
    >
      <${Icon} name="plus" />
    </button>
  `
}

/** The choices with one changed; in a group of one, another takes its place. */
function withChoice(modifiers, group, id, quantity) {
  const own = new Set(group.modifiers.map(modifier => modifier.id))
  const isSingle = group.max === 1
  const others = modifiers.filter(m => m.id !== id && !(isSingle && own.has(m.id)))
  return quantity ? [...others, {id, quantity}] : others
}
