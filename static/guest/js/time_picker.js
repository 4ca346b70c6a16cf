/** As soon as possible, or a time to choose: days in a row, times as large buttons. */

import {html, useEffect, useLayoutEffect, useState} from '../../vendor/htm-preact.js'
import {now} from './api.js'
import {errorWords} from './errors.js'
import {calendarDay, clock, dayOf, daysUntil, nearDay, t} from './i18n.js'
import {openingOf, openingWords} from './offered.js'
import {timesFor} from './times.js'
import {Notice, Spinner} from './ui.js'

/**
 * `when` is the chosen time, null for as soon as possible, empty until one is chosen;
 * `onPick(when)` takes it over, `isMissing` says that one must be chosen.
 */
export function TimePicker({restaurant, menu, type, when, isMissing, onPick}) {
  const [day, setDay] = useState(when && dayOf(when, restaurant.timezone))
  const {found, error} = useTimes(restaurant, type, day)
  const isNowOver = found && !found.asap.is_open
  // Before it is drawn: who taps at once must not order for now.
  useLayoutEffect(() => {
    if (isNowOver && found.days.length && when === null) onPick('')
  }, [isNowOver])
  if (error) return html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`
  if (!found)
    return html`<p class="empty"><${Spinner} label=${t('when.looking')} /></p>`
  return html`
    <fieldset class="group when">
      <legend><span class="group-name">${t(`when.title.${type}`)}</span></legend>
      <${Choice}
        isOff=${isNowOver}
        isOn=${when === null && !isNowOver}
        words=${asapWords(found.asap)}
        about=${isNowOver && whyNotNow({restaurant, menu})}
        pick=${() => onPick(null)}
      />
      ${
        found.days.length > 0 &&
        html`<${Choice}
          isOn=${when !== null}
          words=${t('when.later')}
          pick=${() => onPick('')}
        />`
      }
      ${when !== null && html`<${Times} ...${{found, restaurant, when, onPick, setDay}} />`}
      ${isMissing && html`<p class="fault" role="alert">${t('when.missing')}</p>`}
      ${!found.days.length && isNowOver && html`<${Notice} kind="warn">${t('when.none')}<//>`}
    </fieldset>
  `
}

const Choice = ({isOff = false, isOn, words, about, pick}) => html`
  <div class=${isOff ? 'choice sold-out' : 'choice'}>
    <label>
      <input
        type="radio"
        name="when"
        disabled=${isOff}
        checked=${isOn}
        onChange=${pick}
      />
      <span class="grow">${words}${about && html`<small>${about}</small>`}</span>
    </label>
  </div>
`

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

const isSame = (at, when) => Boolean(when) && Date.parse(at) === Date.parse(when)

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
