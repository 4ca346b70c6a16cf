// Hours of the week within days of the calendar, on the restaurant's own clock.
;(rs => {
  const DAY_MS = 86_400_000
  const DAY_MINUTES = 1_440
  /** A Monday, to name the days of the week. */
  const MONDAY = Date.UTC(2024, 0, 1)

  const minutesOf = text => Number(text.slice(0, 2)) * 60 + Number(text.slice(3, 5))
  const isoDay = ms => new Date(ms).toISOString().slice(0, 10)
  const weekday = ms => (new Date(ms).getUTCDay() + 6) % 7

  /** Names of the days, Monday first: "short", "long" or "narrow". */
  function dayNames(style = 'short') {
    const options = {weekday: style, timeZone: 'UTC'}
    const format = new Intl.DateTimeFormat(rs.format.locale(), options)
    return [0, 1, 2, 3, 4, 5, 6].map(day => format.format(MONDAY + day * DAY_MS))
  }

  const isInDays = ({first_day: first, last_day: last}, day) =>
    (first ?? day) <= day && day <= (last ?? day)

  function isIn(schedule, window, wall) {
    const minute = Math.floor((wall % DAY_MS) / 60_000)
    const starts = minutesOf(window.starts)
    const ends = minutesOf(window.ends)
    const runs = ends > starts ? ends : ends + DAY_MINUTES
    const begins = (at, now) =>
      window.days.includes(weekday(at)) &&
      isInDays(schedule, isoDay(at)) &&
      starts <= now &&
      now < runs
    return begins(wall, minute) || begins(wall - DAY_MS, minute + DAY_MINUTES)
  }

  /** Does it hold at `now` (milliseconds) where the clocks are those of `zone`? */
  function holds(schedule, zone, now) {
    const wall = rs.format.wallClock(Math.floor(now / 1000) * 1000, zone)
    if (!schedule.windows.length) return isInDays(schedule, isoDay(wall))
    return schedule.windows.some(window => isIn(schedule, window, wall))
  }

  /** Has its last day passed? */
  function isOver(schedule, zone, now) {
    const {last_day: last} = schedule
    const wall = rs.format.wallClock(Math.floor(now / 1000) * 1000, zone)
    return Boolean(last) && isoDay(wall) > last && !holds(schedule, zone, now)
  }

  // [0,1,2,4] → "Mon–Wed, Fri"
  function daysText(days) {
    const names = dayNames()
    if (days.length === 7) return rs.t('schedule.every_day')
    const runs = []
    for (const day of [...days].sort((a, b) => a - b)) {
      const last = runs[runs.length - 1]
      if (last && last[1] === day - 1) last[1] = day
      else runs.push([day, day])
    }
    const text = ([from, to]) => {
      if (from === to) return names[from]
      return `${names[from]}${to === from + 1 ? ', ' : '–'}${names[to]}`
    }
    return runs.map(text).join(', ')
  }

  const dateText = day =>
    new Date(`${day}T00:00:00Z`).toLocaleDateString(rs.format.locale(), {
      dateStyle: 'medium',
      timeZone: 'UTC'
    })

  /** "Mon–Fri 17:00–19:00 · until 31 Dec 2026"; "always" when there is no limit. */
  function say({windows, first_day: first, last_day: last}) {
    const hours = windows.map(
      ({days, starts, ends}) => `${daysText(days)} ${starts}–${ends}`
    )
    const parts = [
      hours.join('; '),
      first && rs.t('schedule.since', {day: dateText(first)}),
      last && rs.t('schedule.until', {day: dateText(last)})
    ].filter(Boolean)
    return parts.join(' · ') || rs.t('schedule.always')
  }

  /** When and for whom, "Mon–Fri 12:00–15:00 · Pick-up"; '' for always and all. */
  const offered = ({schedule, order_types: types}) =>
    [
      schedule && say(schedule),
      (types ?? []).map(type => rs.t(`type_${type}`)).join(', ')
    ]
      .filter(Boolean)
      .join(' · ')

  const always = () => ({windows: [], first_day: null, last_day: null})

  rs.schedules = {dayNames, holds, isOver, say, offered, always}
})(window.restaurantStaff)
