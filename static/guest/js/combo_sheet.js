/** A set menu: its courses, what belongs to each choice, and "Add" for all of it. */

import {html, useState} from '../../vendor/htm-preact.js'
import {asGroup, comboTrouble, grouped, groupsOf, nestedId} from './choices.js'
import {t} from './i18n.js'
import {Foot, freshModifiers, Group, Note} from './item_sheet.js'
import {money} from './money.js'
import {refusalOf} from './offered.js'
import {closeLayer} from './state.js'
import {Allergens, Amount, Notice, Photo, Sheet} from './ui.js'

export function ComboSheet({layer, items, ...shop}) {
  const combo = items.get(layer.id)
  if (combo)
    return html`<${OpenCombo}
      ...${shop}
      items=${items}
      combo=${combo}
      lineId=${layer.line}
    />`
  return html`
    <${Sheet} label=${t('sold_out')}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('sold_out')}</h2>
        <${Notice} kind="warn">${t('combo.over')}<//>
      </div>
    <//>
  `
}

function OpenCombo({combo, lineId, items, cart, ...shop}) {
  const edited = cart.get().lines.find(line => line.id === lineId)
  const [line, setLine] = useState(() => startOf(combo, edited, items))
  const patch = fields => setLine(old => ({...old, ...fields}))
  const save = () => {
    if (!closeLayer()) return
    if (edited) cart.replace(edited.id, line)
    else cart.add(line)
  }
  const blocker = refusalOf(combo, shop) ?? blockerOf(combo, line, items)
  const foot = {item: combo, line, items, patch, blocker, save, isEdit: Boolean(edited)}
  return html`
    <${Sheet} label=${combo.name} footer=${html`<${Foot} ...${foot} />`}>
      <${Photo}
        class="sheet-photo"
        url=${combo.image_url}
        width="640"
        height="420"
        eager
      />
      <div class="sheet-body">
        <h2 class="sheet-title">${combo.name}</h2>
        <p class="item-price"><${Amount}>${money(combo.price, combo.currency)}<//></p>
        ${combo.description && html`<p class="about lines">${combo.description}</p>`}
        ${combo.groups.map(
          course => html`
            <${Course}
              key=${course.id}
              ...${{course, items, patch}}
              currency=${combo.currency}
              choices=${line.choices}
            />
          `
        )}
        <${Note} line=${line} patch=${patch} />
      </div>
    <//>
  `
}

/** The line that is edited, or a fresh one; where there is one way, it is chosen. */
function startOf(combo, edited, items) {
  if (edited) return {...edited, choices: grouped(edited.choices, combo)}
  const choices = combo.groups.flatMap(course => {
    const there = course.options.filter(option => option.is_available)
    const isOnly = there.length === 1 && course.min > 0 && course.min === course.max
    return isOnly ? [freshChoice(course, there[0].menu_item_id, course.min, items)] : []
  })
  return {combo: combo.id, quantity: 1, choices, note: ''}
}

const freshChoice = (course, item, quantity, items) => ({
  group: course.id,
  item,
  quantity,
  modifiers: freshModifiers(items.get(item))
})

/** Why it cannot be added now: `{text, group?}`, or null. */
function blockerOf(combo, line, items) {
  const trouble = comboTrouble(line, combo, items)
  if (!trouble) return null
  const isChoice = trouble.key === 'line.choose'
  const text = isChoice ? t('item.choose', trouble) : t('item.choose_anew')
  return {text, group: trouble.group}
}

/** One group of a set menu, and the choices that its chosen items ask for. */
function Course({course, choices, items, currency, patch}) {
  const group = asGroup(course, items)
  const own = choices.filter(choice => choice.group === course.id)
  const others = choices.filter(choice => choice.group !== course.id)
  const chosen = own.map(({item, quantity}) => ({id: item, quantity}))
  const choose = ({modifiers}) => {
    const next = modifiers.map(({id, quantity}) => {
      const known = own.find(({item}) => item === id)
      return known ? {...known, quantity} : freshChoice(course, id, quantity, items)
    })
    patch({choices: [...others, ...next]})
  }
  const change = (item, fields) =>
    patch({
      choices: choices.map(choice =>
        choice.group === course.id && choice.item === item
          ? {...choice, ...fields}
          : choice
      )
    })
  return html`
    <${Group}
      group=${group}
      currency=${currency}
      line=${{modifiers: chosen}}
      patch=${choose}
    />
    ${own.map(
      choice => html`
        <${Extras}
          key=${choice.item}
          ...${{course, choice}}
          item=${items.get(choice.item)}
          change=${fields => change(choice.item, fields)}
        />
      `
    )}
  `
}

/** The modifiers of a chosen item. */
function Extras({course, choice, item, change}) {
  if (!item || (!item.modifier_groups.length && !item.allergens.length)) return null
  return html`
    <div class="combo-part" role="group" aria-label=${item.name}>
      <p class="combo-part-name">${item.name}</p>
      <${Allergens} names=${item.allergens} />
      ${groupsOf(item).map(group => {
        const id = nestedId(course.id, item.id, group.id)
        return html`<${Group}
          key=${id}
          group=${{...group, id}}
          currency=${item.currency}
          line=${choice}
          patch=${change}
        />`
      })}
    </div>
  `
}
