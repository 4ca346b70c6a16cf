/** As soon as possible, or a time to choose: days in a row, times as large buttons. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {now} from './api.js'
import {errorWords} from './errors.js'
import {calendarDay, clock, dayOf, daysUntil, nearDay, t} from './i18n.js'
import {openingOf, openingWords} from './offered.js'
import {timesFor} from './times.js'
import {Notice, Spinner} from './ui.js'

/** `when` is the chosen time or null for as soon as possible; `onPick(when)`. */
export function TimePicker({restaurant, menu, type, when, onPick}) {
  const chosen = when && dayOf(when, restaurant.timezone)
  const [day, setDay] = useState(chosen)
  const {found, error} = useTimes(restaurant, type, day)
  const [isLater, setLater] = useState(when !== null)
  useEffect(() => {
    if (found && !found.asap.is_open && found.days.length) setLater(true)
  }, [found?.asap.is_open])
  if (error) return html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`
  if (!found)
    return html`<p class="empty"><${Spinner} label=${t('when.looking')} /></p>`
  const soon = () => {
    setLater(false)
    onPick(null)
  }
  const shop = {restaurant, menu}
  return html`
    <fieldset class="group when">
      <legend><span class="group-name">${t(`when.title.${type}`)}</span></legend>
      <div class=${found.asap.is_open ? 'choice' : 'choice sold-out'}>
        <label>
          <input
            type="radio"
            name="when"
            disabled=${!found.asap.is_open}
            checked=${!isLater && found.asap.is_open}
            onChange=${soon}
          />
          <span class="grow">
            ${asapWords(found.asap)}
            ${!found.asap.is_open && html`<small>${whyNotNow(shop)}</small>`}
          </span>
        </label>
      </div>
      ${
        found.days.length > 0 &&
        html`<div class="choice">
          <label>
            <input
              type="radio"
              name="when"
              checked=${isLater}
              onChange=${() => setLater(true)}
            />
            <span class="grow">${t('when.later')}</span>
          </label>
        </div>`
      }
      ${isLater && html`<${Times} ...${{found, restaurant, when, onPick, setDay}} />`}
      ${!found.days.length && !found.asap.is_open && html`<${Notice} kind="warn">${t('when.none')}<//>`}
    </fieldset>
  `
}

/** "As soon as possible (about 25 min)" */
function asapWords({quoted_minutes: n, is_busy: isBusy, is_open: isOpen}) {
  if (!isOpen || n === null) return t('when.asap')
  return t(isBusy ? 'when.asap_busy' : 'when.asap_in', {n})
}

function whyNotNow(shop) {
  const opening = openingOf(shop)
  if (opening.is_open) return t('when.not_now')
  return openingWords(opening, shop.restaurant.timezone, now())
}

/** The times of one day; the server is asked again for another. */
function useTimes(restaurant, type, day) {
  const [state, setState] = useState({found: null, error: null})
  useEffect(() => {
    let isWanted = true
    timesFor(restaurant, type, day)
      .then(found => isWanted && setState({found, error: null}))
      .catch(error => isWanted && setState({found: null, error}))
    return () => (isWanted = false)
  }, [restaurant.id, type, day])
  return state
}

function Times({found, restaurant, when, onPick, setDay}) {
  const {timezone} = restaurant
  return html`
    <div class="days" role="group" aria-label=${t('when.day')}>
      ${found.days.map(
        day => html`
          <button
            key=${day}
            type="button"
            class="day"
            aria-pressed=${day === found.day ? 'true' : 'false'}
            onClick=${() => setDay(day)}
          >
            ${dayName(day, timezone)}
          </button>
        `
      )}
    </div>
    <ul class="times-grid" aria-label=${t('when.time')}>
      ${found.times.map(
        ({at, isFree}) => html`
          <li key=${at}>
            <button
              type="button"
              class="time"
              disabled=${!isFree}
              aria-pressed=${isSame(at, when) ? 'true' : 'false'}
              onClick=${() => onPick(at)}
            >
              ${clock(at, timezone)}
              ${!isFree && html`<small>${t('when.full')}</small>`}
            </button>
          </li>
        `
      )}
    </ul>
    ${isElsewhere(timezone) && html`<p class="about">${t('when.zone', {zone: townOf(timezone)})}</p>`}
  `
}

const isSame = (at, when) => when !== null && Date.parse(at) === Date.parse(when)

/** "today", "tomorrow", "Wed 25 Nov". */
function dayName(day, timezone) {
  const days = daysUntil(day, timezone)
  const style = {weekday: 'short', day: 'numeric', month: 'short'}
  return days < 2 ? nearDay(days) : calendarDay(day, style)
}

/** "Guatemala" of "America/Guatemala": whose clock the times are of. */
const townOf = timezone => timezone.split('/').at(-1).replaceAll('_', ' ')

/** Whether this device's clock shows another time than the restaurant's. */
const isElsewhere = timezone => clock(now(), timezone) !== clock(now())
