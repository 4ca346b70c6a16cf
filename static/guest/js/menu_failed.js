/** In a menu's place when it did not come. */

import {html} from '../../vendor/htm-preact.js'
import {t} from './i18n.js'

export function MenuFailed({error, retry}) {
  const isGone = error.status === 404
  return html`
    <main class="page">
      <div class="big-message">
        <h1>${t(isGone ? 'menu.unknown' : 'menu.failed')}</h1>
        <p>${t(isGone ? 'menu.unknown_text' : 'menu.failed_text')}</p>
        ${!isGone && html`<button type="button" class="primary" onClick=${retry}>${t('retry')}</button>`}
      </div>
    </main>
  `
}
