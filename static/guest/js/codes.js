/** Discount codes: a quiet row that opens a field, and the codes that hold. */

import {html, useEffect, useRef, useState} from '../../vendor/htm-preact.js'
import {errorWords, isOfCode} from './errors.js'
import {t} from './i18n.js'
import {Icon} from './ui.js'

const LONGEST = 40

/** `error` is what the server said of the cart: it may be about a code in it. */
export function Codes({cart, value, quoter, error}) {
  const [isOpen, setOpen] = useState(false)
  const refused = isOfCode(error) ? error : null
  const remove = code =>
    cart.update({codes: value.codes.filter(other => other !== code)})
  return html`
    <section class="codes" id="codes">
      ${
        value.codes.length > 0 &&
        html`<ul class="code-chips">
          ${value.codes.map(
            (code, index) => html`
              <${Chip}
                key=${code}
                code=${code}
                isWrong=${isAbout(refused, index, value.codes)}
                remove=${() => remove(code)}
              />
            `
          )}
        </ul>`
      }
      ${refused && html`<p class="fault" role="alert">${errorWords(refused)}</p>`}
      ${
        isOpen
          ? html`<${CodeField}
              ...${{value, quoter, cart}}
              close=${() => setOpen(false)}
            />`
          : html`<button type="button" class="link" onClick=${() => setOpen(true)}>
              <${Icon} name="tag" />
              ${t(value.codes.length ? 'code.another' : 'code.add')}
            </button>`
      }
    </section>
  `
}

/** Whether a refusal is about this code; one that names none may be about each. */
function isAbout(error, index, codes) {
  if (!error) return false
  const {field} = error.facts
  return field?.startsWith('codes.') ? field === `codes.${index}` : codes.length === 1
}

const Chip = ({code, isWrong, remove}) => html`
  <li class=${isWrong ? 'chip code-chip wrong' : 'chip code-chip'}>
    <${Icon} name=${isWrong ? 'alert' : 'check'} />
    <bdi>${code}</bdi>
    <button
      type="button"
      class="round"
      aria-label=${t('code.remove', {code})}
      onClick=${remove}
    >
      <${Icon} name="close" />
    </button>
  </li>
`

function CodeField({value, quoter, cart, close}) {
  const [typed, setTyped] = useState('')
  const [fault, setFault] = useState(null)
  const [isBusy, setBusy] = useState(false)
  const field = useRef(null)
  useEffect(() => {
    field.current.focus({preventScroll: true})
    field.current.form.scrollIntoView({block: 'center'})
  }, [fault])
  const onSubmit = async event => {
    event.preventDefault()
    const code = typed.trim().toUpperCase()
    if (!code) return close()
    setBusy(true)
    const trouble = await tried(quoter, cart, [...value.codes, code])
    setBusy(false)
    setFault(trouble && errorWords(trouble))
    return trouble ? undefined : close()
  }
  return html`
    <form class="code-form" onSubmit=${onSubmit} novalidate>
      <label class="field grow">
        <span>${t('code.title')}</span>
        <input
          class="code"
          ref=${field}
          value=${typed}
          maxlength=${LONGEST}
          autocomplete="off"
          autocapitalize="characters"
          autocorrect="off"
          spellcheck=${false}
          enterkeyhint="done"
          aria-invalid=${fault ? 'true' : null}
          aria-describedby="code-fault"
          onInput=${event => {
            setTyped(event.target.value)
            setFault(null)
          }}
        />
      </label>
      <button type="submit" class="secondary" disabled=${isBusy || !quoter}>
        ${t('code.use')}
      </button>
      <small id="code-fault" class="fault" aria-live="polite">${fault}</small>
    </form>
  `
}

/** Take these codes into the cart if the server takes them; else what it said. */
async function tried(quoter, cart, codes) {
  try {
    await quoter.adopt({codes})
  } catch (error) {
    // Something else is in the way, which the cart says by itself: the code is good.
    const isElsewhere =
      error.code === 'order.minimum' || error.facts?.line !== undefined
    if (!isElsewhere) return error
    cart.update({codes})
  }
  return null
}
