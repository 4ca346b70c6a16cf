/** A text to copy, on pages with and without https. */

import {html, useRef, useState} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'
import {Icon} from './ui.js'

const SHOWN_MS = 2500

/** A button that copies `text`; where it may not, the text is shown, selected. */
export function CopyButton({text, label, kind = 'secondary'}) {
  const [state, setState] = useState('idle')
  const field = useRef(null)
  const onClick = async () => {
    const isDone = (await byClipboard(text)) || bySelection(field.current)
    setState(isDone ? 'done' : 'shown')
    if (isDone) setTimeout(() => setState('idle'), SHOWN_MS)
  }
  return html`
    <div class="copy">
      <button type="button" class=${kind} onClick=${onClick}>
        <${Icon} name=${state === 'done' ? 'check' : 'copy'} />
        <span aria-live="polite">${t(state === 'done' ? 'copied' : label)}</span>
      </button>
      <input
        ref=${field}
        class=${state === 'shown' ? '' : 'hidden'}
        readonly
        tabindex=${state === 'shown' ? 0 : -1}
        value=${text}
        aria-label=${t(label)}
        aria-hidden=${state === 'shown' ? null : 'true'}
        onFocus=${event => event.target.select()}
      />
      ${state === 'shown' && html`<small>${t('copy_by_hand')}</small>`}
    </div>
  `
}

async function byClipboard(text) {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

function bySelection(field) {
  const before = document.activeElement
  field.focus()
  field.setSelectionRange(0, field.value.length)
  const isDone = document.execCommand('copy')
  before?.focus()
  return isDone
}
