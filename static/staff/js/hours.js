// The week as its editor has it: for each day a list of hours.
;(rs => {
  const EVENING = 17
  const CLOSING = 22
  const DAYS = [0, 1, 2, 3, 4, 5, 6]
  const ALL_TYPES = rs.words.ORDER_TYPES.length

  const rowOf = ({starts, ends, order_types: types}) => ({
    starts,
    ends,
    order_types: types.length === ALL_TYPES ? [] : types
  })
  const textOf = row => JSON.stringify(rowOf(row))
  const byStart = (one, other) => one.starts.localeCompare(other.starts)

  /** Stored windows → seven lists of {starts, ends, order_types}. */
  const weekOf = windows =>
    DAYS.map(day =>
      windows
        .filter(({days}) => days.includes(day))
        .map(rowOf)
        .sort(byStart)
    )

  /** Seven lists → windows, the same hours of several days as one. */
  function windowsOf(week) {
    const found = new Map()
    week.forEach((rows, day) =>
      rows.forEach(row => {
        const key = textOf(row)
        if (!found.has(key)) found.set(key, {...rowOf(row), days: []})
        const {days} = found.get(key)
        if (!days.includes(day)) days.push(day)
      })
    )
    return [...found.values()]
  }

  /**
   * Faults of the sent windows by "day.row" of the week that they were made of:
   * {"opening_hours.1": "…"} → {"0.1": "…", "1.0": "…"}
   */
  function faultsOf(week, faults, field) {
    const keys = [...new Set(week.flatMap(rows => rows.map(textOf)))]
    const at = {}
    Object.entries(faults).forEach(([path, detail]) => {
      const place = new RegExp(`^${field}\\.(\\d+)`).exec(path)
      const key = place && keys[Number(place[1])]
      if (!key) return
      week.forEach((rows, day) =>
        rows.forEach((row, index) => {
          if (textOf(row) === key) at[`${day}.${index}`] = detail
        })
      )
    })
    return at
  }

  /** Does it end on the next day? */
  const isOvernight = ({starts, ends}) => Boolean(starts && ends) && ends <= starts

  const fresh = (starts = '11:00', ends = '22:00') => ({starts, ends, order_types: []})

  /** The next hours of a day that has some: in the evening, after a break of an hour. */
  function after(rows) {
    const last = rows[rows.length - 1]
    if (!last) return fresh()
    const free = (Number(last.ends.slice(0, 2)) + 1) % 24
    const starts = Math.max(EVENING, free)
    const ends = starts < CLOSING ? CLOSING : 0
    const clock = hour => `${String(hour).padStart(2, '0')}:00`
    return {...fresh(clock(starts), clock(ends)), order_types: [...last.order_types]}
  }

  rs.hours = {weekOf, windowsOf, faultsOf, isOvernight, after, rowOf}
})(window.restaurantStaff)
