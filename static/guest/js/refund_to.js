/** "If something goes wrong": where the guest wants money back, asked once. */

import {html, useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {observable, recall, remember, useValue} from './state.js'

const NAME = 'refund_to'
const LONGEST = 2000
const typed = observable(recall(NAME, ''))

/** What goes along with an order: an address, or null. */
export const refundTo = () => typed.get().trim() || null

/** A line that unfolds; what is typed stays on this device. */
export function RefundTo({error}) {
  const value = useValue(typed)
  const [refused, setRefused] = useState(null)
  const field = useRef(null)
  const isWrong = refused !== null && refused === value
  useEffect(() => {
    if (error?.facts?.field !== 'refund_to') return
    setRefused(typed.get())
    field.current.closest('details').open = true
    field.current.focus()
  }, [error])
  const onInput = event => {
    typed.set(event.target.value)
    remember(NAME, event.target.value.trim() || null)
  }
  return html`
    <details class="more">
      <summary>
        <span class="grow">
          ${t('refund_to.title')}
          ${value.trim() && html`<small><bdi>${value.trim()}</bdi></small>`}
        </span>
      </summary>
      <label class="field">
        <span>${t('refund_to.label')}</span>
        <input
          ref=${field}
          value=${value}
          maxlength=${LONGEST}
          placeholder="name@example.com"
          inputmode="email"
          autocomplete="off"
          autocapitalize="off"
          spellcheck=${false}
          aria-invalid=${isWrong ? 'true' : null}
          onInput=${onInput}
        />
        <small class=${isWrong ? 'fault' : 'about'} aria-live="polite">
          ${t(isWrong ? 'refund_to.wrong' : 'refund_to.hint')}
        </small>
      </label>
    </details>
  `
}
