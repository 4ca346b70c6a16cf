/** The hours of the week to come, with the days that are not like others. */

import {html, useEffect, useState} from '../../vendor/htm-preact.js'
import {call, now} from './api.js'
import {errorWords} from './errors.js'
import {calendarDay, clock, dayOf, daysUntil, nearDay, t} from './i18n.js'
import {openingOf, openingWords} from './offered.js'
import {Notice, Sheet, Spinner} from './ui.js'

const DAYS = 7
const SPECIAL_DAYS_AHEAD = 60

export function HoursSheet({restaurant, menu}) {
  const {timezone} = restaurant
  const opening = openingOf({restaurant, menu})
  const {days, error} = useDays(restaurant)
  return html`
    <${Sheet} label=${t('hours.title')}>
      <div class="sheet-body">
        <h2 class="sheet-title">${t('hours.title')}</h2>
        <p class=${opening.is_open ? 'state open' : 'state'}>
          <span>${openingWords(opening, timezone, now())}</span>
        </p>
        ${error && html`<${Notice} kind="bad" role="alert">${errorWords(error)}<//>`}
        ${!days && !error && html`<p class="empty"><${Spinner} label=${t('hours.title')} /></p>`}
        ${
          days &&
          html`<dl class="hours">
            ${days.map(day => html`<${Day} key=${day.day} day=${day} timezone=${timezone} />`)}
          </dl>`
        }
        <${SpecialDays} restaurant=${restaurant} />
      </div>
    <//>
  `
}

function useDays(restaurant) {
  const [state, setState] = useState({days: null, error: null})
  useEffect(() => {
    const from = dayOf(now(), restaurant.timezone)
    const id = encodeURIComponent(restaurant.id)
    call('GET', `/restaurants/${id}/opening?from=${from}&days=${DAYS}`)
      .then(({days}) => setState({days, error: null}))
      .catch(error => setState({days: null, error}))
  }, [restaurant.id])
  return state
}

function Day({day: {day, name, windows}, timezone}) {
  const days = daysUntil(day, timezone)
  return html`
    <div class=${days === 0 ? 'hours-day today' : 'hours-day'}>
      <dt>
        ${calendarDay(day, {weekday: 'long'})}
        ${days === 0 && html`<small>${nearDay(0)}</small>`}
        ${name && html`<small class="tag">${name}</small>`}
      </dt>
      <dd>
        ${!windows.length && t('closed')}
        ${windows.map(
          ({starts_at, ends_at, order_types: types}) => html`
            <span>
              ${clock(starts_at, timezone)} – ${clock(ends_at, timezone)}
              ${types.length > 0 && types.length < 3 && html`<small>${typeWords(types)}</small>`}
            </span>
          `
        )}
      </dd>
    </div>
  `
}

const typeWords = types => types.map(type => t(`place.${type}`)).join(', ')

/** What is different later than the week that is shown. */
function SpecialDays({restaurant: {special_days: all, timezone}}) {
  const isAhead = ({first_day: first, last_day: last}) =>
    daysUntil(last, timezone) >= DAYS && daysUntil(first, timezone) < SPECIAL_DAYS_AHEAD
  const shown = all
    .filter(isAhead)
    .sort((one, other) => one.first_day.localeCompare(other.first_day))
  if (!shown.length) return null
  return html`
    <h3 class="help-next">${t('hours.special')}</h3>
    <dl class="hours">
      ${shown.map(
        ({first_day: first, last_day: last, name, windows}) => html`
          <div class="hours-day" key=${first}>
            <dt>
              ${spanWords(first, last)}
              ${name && html`<small class="tag">${name}</small>`}
            </dt>
            <dd>
              ${!windows.length && t('closed')}
              ${windows.map(({starts, ends}) => html`<span>${starts} – ${ends}</span>`)}
            </dd>
          </div>
        `
      )}
    </dl>
  `
}

function spanWords(first, last) {
  const style = {day: 'numeric', month: 'short'}
  if (first === last) return calendarDay(first, {weekday: 'short', ...style})
  return `${calendarDay(first, style)} – ${calendarDay(last, style)}`
}
