/** Who pays what of a split bill, and the link for the others at the table. */

import {html, useState} from '../../vendor/htm-preact.js'
import {CopyButton} from './copy.js'
import {errorWords} from './errors.js'
import {rich, t} from './i18n.js'
import {money, sats} from './money.js'
import {orderUrl} from './orders.js'
import {shareLines, shareName, unsplit} from './split.js'
import {Amount, Icon, Notice} from './ui.js'

/** `paid` is the share that this guest just paid; `choose(id)` opens one to pay it. */
export function Shares({order, token, splitting, paid, choose}) {
  const {split} = splitting
  return html`
    <section class="shares" aria-label=${t('split.title')}>
      <h2>${t('split.title')}</h2>
      ${
        paid?.status === 'paid' &&
        html`<${Notice} kind="good">${t('split.paid_thanks')}<//>`
      }
      <ul>
        ${split.shares.map(
          share => html`
            <${Share} key=${share.id} ...${{share, split, order, choose}} />
          `
        )}
      </ul>
      <p class="about">${t('split.cash')}</p>
      <${TableLink} order=${order} token=${token} />
      <div class="pay-ways">
        <button type="button" class="link" onClick=${() => choose('rest')}>
          ${t('split.pay_all')}
        </button>
        <${Undo} order=${order} token=${token} splitting=${splitting} />
      </div>
    </section>
  `
}

function Share({share, split, order, choose}) {
  const name = shareName(share, split)
  const lines = shareLines(share, order)
  const isPaid = share.status === 'paid'
  const shown = isPaid ? share.amount : share.due
  const amount = html`<${Amount}>${money(shown, order.currency)}<//>`
  return html`
    <li class="share ${share.status}">
      <div class="grow">
        <strong>${name}</strong>
        ${lines && html`<small>${lines}</small>`}
        <span class="share-sum">
          ${share.status === 'part_paid' ? rich('split.part_paid', {amount}) : amount}
        </span>
        ${
          order.currency !== 'sat' &&
          !isPaid &&
          html`<small><${Amount}>${sats(share.due_msat)}<//></small>`
        }
      </div>
      ${
        isPaid
          ? html`<span class="share-done"
              ><${Icon} name="check" /> ${t('split.paid')}</span
            >`
          : html`<button
              type="button"
              class="primary"
              aria-label=${t('split.pay_name', {name})}
              onClick=${() => choose(share.id)}
            >
              ${t('split.pay')}
            </button>`
      }
    </li>
  `
}

/** The way to this page for others; whoever has it can see and pay the order. */
function TableLink({order, token}) {
  const url = `${location.origin}${orderUrl({id: order.id, token})}&split=1`
  if (!navigator.share) return html`<${CopyButton} text=${url} label="split.copy" />`
  const share = () => navigator.share({url, title: document.title}).catch(() => {})
  return html`
    <button type="button" class="secondary" onClick=${share}>
      <${Icon} name="share" /> ${t('split.send')}
    </button>
  `
}

/** One bill again, as long as nobody paid a share. */
function Undo({order, token, splitting}) {
  const [error, setError] = useState(null)
  const isBegun = splitting.split.shares.some(share => share.paid_msat)
  if (isBegun) return null
  const undo = async () => {
    try {
      await unsplit(order, token)
      splitting.take(null)
    } catch (trouble) {
      setError(trouble)
      splitting.reload()
    }
  }
  return html`
    <button type="button" class="link" onClick=${undo}>${t('split.undo')}</button>
    ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
  `
}
