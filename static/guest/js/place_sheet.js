/** Where the order goes and for when: the counter, a table, or the guest's door. */

import {html, useState} from '../../vendor/htm-preact.js'
import {NAME_MAX} from './cart.js'
import {
  ADDRESS_MAX,
  delivery,
  deliverTo,
  forgetDelivery,
  PHONE_MAX
} from './delivery.js'
import {t} from './i18n.js'
import {closeLayer} from './state.js'
import {TimePicker} from './time_picker.js'
import {Icon, Notice, PLACE_ICONS, Sheet} from './ui.js'

/** As they stand in the sheet. */
const TYPES = ['pickup', 'dine_in', 'delivery']

export function PlaceSheet({cart, restaurant, menu}) {
  const old = cart.get().place
  const [place, setPlace] = useState(old)
  const [when, setWhen] = useState(cart.get().when)
  const [target, setTarget] = useState(delivery.get())
  const [isChecked, setChecked] = useState(false)
  const {type} = place
  const missing = missingOf(place, target) ?? (when === '' ? 'time' : null)
  const save = () => {
    if (missing) return setChecked(true)
    if (type === 'delivery') deliverTo(target)
    const table = place.table.trim()
    const token = table === old.table ? old.token : null
    const isOther = type !== old.type
    cart.update({
      place: {...place, table, token},
      when: (mayChooseTime(type, restaurant) && when) || null,
      ...(isOther && {method: 'lightning'})
    })
    return closeLayer()
  }
  const footer = html`
    <button type="button" class="primary grow" onClick=${save}>
      ${t('place.save')}
    </button>
  `
  const fault = isChecked ? missing : null
  const pick = next => {
    setPlace({...place, type: next})
    setWhen(null)
  }
  return html`
    <${Sheet} label=${t('place.title')} footer=${footer}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('place.title')}</h2>
        <${Types} taken=${restaurant.order_types} type=${type} pick=${pick} />
        ${
          type === 'dine_in' &&
          html`<${Table} place=${place} set=${setPlace} fault=${fault === 'table'} />`
        }
        ${
          type === 'delivery' &&
          html`<${Target} target=${target} set=${setTarget} fault=${fault} />`
        }
        <${Leaving} old=${old} place=${place} />
        ${
          mayChooseTime(type, restaurant) &&
          html`<${TimePicker}
            key=${type}
            ...${{restaurant, menu, type, when}}
            isMissing=${fault === 'time'}
            onPick=${setWhen}
          />`
        }
      </div>
    <//>
  `
}

/** Who sits at a table orders for now, unless the restaurant has times for tables. */
const mayChooseTime = (type, {slots}) =>
  type !== 'dine_in' || slots.some(rule => rule.order_type === 'dine_in')

/** The first thing that still has to be said. */
function missingOf({type, table}, {address, phone}) {
  if (type === 'dine_in') return table.trim() ? null : 'table'
  if (type !== 'delivery') return null
  if (!address.trim()) return 'address'
  return phone.trim() ? null : 'phone'
}

function Types({taken, type, pick}) {
  const offered = TYPES.filter(each => taken.includes(each))
  return html`
    <div class=${offered.length > 2 ? 'options three' : 'options'}>
      ${offered.map(
        each => html`
          <label key=${each} class=${each === type ? 'option on' : 'option'}>
            <input
              type="radio"
              name="place"
              checked=${each === type}
              onChange=${() => pick(each)}
            />
            <${Icon} name=${PLACE_ICONS[each]} />
            <span>${t(`place.${each}`)}</span>
          </label>
        `
      )}
    </div>
  `
}

const Table = ({place, set, fault}) => html`
  <label class="field">
    <span>${t('place.which')}</span>
    <input
      value=${place.table}
      maxlength=${NAME_MAX}
      autocomplete="off"
      aria-invalid=${fault ? 'true' : null}
      onInput=${event => set({...place, table: event.target.value})}
    />
    ${fault && html`<small class="fault">${t('place.which_missing')}</small>`}
  </label>
`

/** Where to, and whom to call; kept on this device until it is forgotten. */
function Target({target, set, fault}) {
  const forget = () => {
    forgetDelivery()
    set(delivery.get())
  }
  return html`
    <label class="field">
      <span>${t('delivery.address')}</span>
      <textarea
        rows="3"
        maxlength=${ADDRESS_MAX}
        autocomplete="street-address"
        value=${target.address}
        aria-invalid=${fault === 'address' ? 'true' : null}
        onInput=${event => set({...target, address: event.target.value})}
      ></textarea>
      ${fault === 'address' && html`<small class="fault">${t('delivery.address_missing')}</small>`}
    </label>
    <label class="field">
      <span>${t('delivery.phone')}</span>
      <input
        type="tel"
        maxlength=${PHONE_MAX}
        autocomplete="tel"
        value=${target.phone}
        aria-invalid=${fault === 'phone' ? 'true' : null}
        onInput=${event => set({...target, phone: event.target.value})}
      />
      ${fault === 'phone' && html`<small class="fault">${t('delivery.phone_missing')}</small>`}
    </label>
    <p class="about kept">
      <span class="grow">${t('delivery.kept')}</span>
      ${
        (target.address || target.phone) &&
        html`<button type="button" class="link" onClick=${forget}>
          ${t('delivery.forget')}
        </button>`
      }
    </p>
  `
}

/** A table's code is good for its table alone. */
const Leaving = ({old, place}) =>
  old.type === 'dine_in' &&
  old.token &&
  (place.type !== old.type || place.table !== old.table) &&
  html`<${Notice} kind="warn">${t('place.leaves', {table: old.table})}<//>`
