// An order as it is edited: its lines, and new ones from the menu.
;(rs => {
  let keys = 0
  const newKey = () => `line ${++keys}`

  /** The rows of an order: a combo is one row with several parts. */
  function rowsOf(order) {
    const rows = []
    for (const line of order.items) {
      const bundle = line.combo?.line
      const same = rows.find(
        row => row.combo && bundle !== undefined && row.bundle === bundle
      )
      if (same) same.parts.push(line)
      else
        rows.push({
          key: newKey(),
          combo: line.combo,
          bundle,
          parts: [line],
          name: line.combo?.name ?? line.name,
          quantity: line.quantity,
          isRemoved: false
        })
    }
    return rows
  }

  /** A row for something new from the menu. */
  const newRow = (item, modifiers, course = 1) => ({
    key: newKey(),
    item,
    modifiers,
    parts: [],
    name: item.name,
    quantity: 1,
    course,
    note: '',
    isRemoved: false
  })

  const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other)

  /** Puts one more into the rows: onto the same new line, or as a line of its own. */
  function add(rows, item, modifiers, course = 1) {
    const same = rows.find(
      row =>
        row.item?.id === item.id &&
        isSame(row.modifiers, modifiers) &&
        row.course === course &&
        !row.note &&
        !row.isRemoved
    )
    if (same) same.quantity += 1
    else rows.push(newRow(item, modifiers, course))
  }

  /** A new line as it is sent; the first course needs no word. */
  const newLine = ({item, modifiers, quantity, course, note}) => ({
    menu_item_id: item.id,
    quantity,
    ...(course > 1 ? {course} : {}),
    ...(note.trim() ? {note: note.trim()} : {}),
    modifiers: modifiers.map(({id, quantity: n}) => ({modifier_id: id, quantity: n}))
  })

  /** The lines as they are sent: all that stay, each with its quantity. */
  const itemsOf = rows =>
    rows
      .filter(row => !row.isRemoved)
      .flatMap(row => {
        if (row.item) return [newLine(row)]
        if (row.combo) return row.parts.map(({id}) => ({line_id: id}))
        return [{line_id: row.parts[0].id, quantity: row.quantity}]
      })

  /** The same as a cart, to ask what it would cost; null when nobody can say. */
  function cartOf(rows) {
    const kept = rows.filter(row => !row.isRemoved)
    if (rows.some(row => row.combo)) return null
    return kept.map(row => {
      if (row.item) return newLine(row)
      const [line] = row.parts
      return {
        menu_item_id: line.menu_item_id,
        quantity: row.quantity,
        modifiers: line.modifiers.map(({modifier_id, quantity}) => ({
          modifier_id,
          quantity
        }))
      }
    })
  }

  const hasIt = (line, {name, reason}) =>
    line.discounts.some(each => each.name === name && each.reason === reason)

  /** The discounts that staff gave an order, as they would be given again. */
  function discountsOf(order) {
    return order.discounts
      .filter(each => each.trigger === 'staff')
      .map(each => {
        const places = order.items.flatMap((line, index) =>
          hasIt(line, each) ? [index] : []
        )
        const isOne = places.length === 1 && order.items.length > 1
        const figure = each.name.replace(/[^\d.]/g, '')
        const sum = each.kind === 'percent' ? {percent: figure} : {amount: figure}
        return {
          name: each.name,
          reason: each.reason ?? '',
          lineId: isOne ? order.items[places[0]].id : null,
          ...(each.discount_id ? {discount_id: each.discount_id} : sum)
        }
      })
  }

  /** Discounts as they are sent beside these rows; `line` counts what is sent. */
  function sentDiscounts(discounts, rows) {
    const items = itemsOf(rows)
    const kept = rows.filter(row => !row.isRemoved)
    const placeOf = each => {
      if (each.lineId) return items.findIndex(item => item.line_id === each.lineId)
      if (!each.rowKey) return null
      const before = kept.slice(
        0,
        kept.findIndex(row => row.key === each.rowKey)
      )
      return before.reduce((sum, row) => sum + (row.item ? 1 : row.parts.length), 0)
    }
    return discounts
      .map(each => ({each, line: placeOf(each)}))
      .filter(({line}) => line === null || line >= 0)
      .map(({each: {discount_id, percent, amount, reason}, line}) => ({
        ...(discount_id ? {discount_id} : percent ? {percent} : {amount}),
        ...(line === null ? {} : {line}),
        reason
      }))
  }

  rs.carts = {rowsOf, add, itemsOf, cartOf, discountsOf, sentDiscounts}
})(window.restaurantStaff)
