/** The chosen time is not to be had: those that are, to tap. */

import {html} from '../../vendor/htm-preact.js'
import {errorWords} from './errors.js'
import {momentWords, t} from './i18n.js'
import {Notice} from './ui.js'

export function OtherTimes({error, cart, restaurant}) {
  const slots = error.facts.slots ?? []
  return html`
    <${Notice} kind="warn" role="alert">
      <p>${errorWords(error, restaurant)}</p>
      ${
        slots.length > 0 &&
        html`<p>${t('slot.instead')}</p>
          <ul class="times-grid">
            ${slots.map(
              ({starts_at: at}) => html`
                <li key=${at}>
                  <button
                    type="button"
                    class="time"
                    onClick=${() => cart.update({when: at})}
                  >
                    ${momentWords(at, restaurant.timezone)}
                  </button>
                </li>
              `
            )}
          </ul>`
      }
    <//>
  `
}
