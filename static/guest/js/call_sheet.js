/** "Call the waiter", "Bring the bill": one tap, and what comes of it. */

import {html, useState} from '../../vendor/htm-preact.js'
import {calledAt, calls, callTo} from './calls.js'
import {errorWords} from './errors.js'
import {clock, t} from './i18n.js'
import {useValue} from './state.js'
import {Icon, Notice, Sheet, useNow} from './ui.js'

const KINDS = {waiter: 'bell', bill: 'note'}

/** `place` is the table, from the cart or from the order. */
export function CallSheet({restaurant, cart, kept}) {
  const place = cart ? cart.get().place : kept.place
  const [state, setState] = useState({busy: null, error: null})
  useValue(calls)
  useNow()
  const ask = async kind => {
    setState({busy: kind, error: null})
    try {
      await callTo(restaurant, place, kind)
      setState({busy: null, error: null})
    } catch (error) {
      setState({busy: null, error})
    }
  }
  return html`
    <${Sheet} label=${t('call.title')}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('call.title')}</h2>
        <p class="about">${t('place.table', {table: place.table})}</p>
        <div class="call-kinds">
          ${Object.keys(KINDS).map(
            kind =>
              html`<${Kind} key=${kind} ...${{restaurant, place, kind, ask, state}} />`
          )}
        </div>
        ${state.error && html`<${Notice} kind="bad" role="alert">${errorWords(state.error)}<//>`}
      </div>
    <//>
  `
}

function Kind({restaurant, place, kind, ask, state}) {
  const at = calledAt(restaurant, place, kind)
  if (at) {
    const time = clock(at, restaurant.timezone)
    return html`
      <${Notice} kind="good" title=${t('call.coming')}>
        ${t(`call.called.${kind}`, {time})}
      <//>
    `
  }
  return html`
    <button
      type="button"
      class="secondary wide"
      disabled=${state.busy !== null}
      onClick=${() => ask(kind)}
    >
      <${Icon} name=${KINDS[kind]} /> ${t(`call.${kind}`)}
    </button>
  `
}
