/** Where the order goes: picked up at the counter, or to a table. */

import {html, useState} from '../../vendor/htm-preact.js'
import {NAME_MAX} from './cart.js'
import {t} from './i18n.js'
import {closeLayer} from './state.js'
import {Icon, Notice, Sheet} from './ui.js'

export function PlaceSheet({cart}) {
  const old = cart.get().place
  const [place, setPlace] = useState(old)
  const [isChecked, setChecked] = useState(false)
  const isTable = place.type === 'dine_in'
  const isMissing = isTable && !place.table.trim()
  const leavesTable =
    old.token && (place.type !== old.type || place.table !== old.table)
  const save = () => {
    if (isMissing) return setChecked(true)
    const isSame = place.table === old.table
    const token = isSame ? old.token : null
    cart.update({
      place: {...place, table: place.table.trim(), token},
      method: 'lightning'
    })
    return closeLayer()
  }
  const footer = html`
    <button type="button" class="primary grow" onClick=${save}>
      ${t('place.save')}
    </button>
  `
  return html`
    <${Sheet} label=${t('place.title')} footer=${footer}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('place.title')}</h2>
        <div class="options">
          <${Option} type="pickup" icon="bag" place=${place} set=${setPlace} />
          <${Option} type="dine_in" icon="table" place=${place} set=${setPlace} />
        </div>
        ${
          isTable &&
          html`
            <label class="field">
              <span>${t('place.which')}</span>
              <input
                value=${place.table}
                maxlength=${NAME_MAX}
                autocomplete="off"
                aria-invalid=${isChecked && isMissing ? 'true' : null}
                onInput=${event => setPlace({...place, table: event.target.value})}
              />
              ${isChecked && isMissing && html`<small class="fault">${t('place.which_missing')}</small>`}
            </label>
          `
        }
        ${
          leavesTable &&
          html`<${Notice} kind="warn">${t('place.leaves', {table: old.table})}<//>`
        }
      </div>
    <//>
  `
}

const Option = ({type, icon, place, set}) => html`
  <label class=${place.type === type ? 'option on' : 'option'}>
    <input
      type="radio"
      name="place"
      checked=${place.type === type}
      onChange=${() => set({...place, type})}
    />
    <${Icon} name=${icon} />
    <span>${t(`place.${type}`)}</span>
  </label>
`
