// The fixed words of orders, menus and devices, and what may follow what.
;(rs => {
  /** The one big button of a card: from status to the step it takes. */
  const NEXT = {paid: 'accepted', accepted: 'ready', ready: 'completed'}
  const CANCELABLE = ['pending', 'paid', 'accepted', 'ready']
  const REFUNDABLE = ['paid', 'accepted', 'ready', 'completed', 'canceled']

  /** The fourteen allergens of European law; an owner may write others. */
  const ALLERGENS = [
    'gluten',
    'crustaceans',
    'eggs',
    'fish',
    'peanuts',
    'soy',
    'milk',
    'nuts',
    'celery',
    'mustard',
    'sesame',
    'sulphites',
    'lupin',
    'molluscs'
  ]
  const STATIONS = ['kitchen', 'bar']
  const ROLES = ['printer', 'kds', 'pos', 'manager']
  const AGE_WARN_MS = 10 * 60_000
  const AGE_LATE_MS = 20 * 60_000

  /** "on time", "warn" or "late" for an order that waits since `at`. */
  function urgency(ms) {
    if (ms >= AGE_LATE_MS) return 'late'
    return ms >= AGE_WARN_MS ? 'warn' : 'fine'
  }

  /** "Order 17 · GTQ 170.00 · 26,968 sat" */
  function orderLine(order) {
    return `${rs.t('order_number', {number: order.number})} · ${amount(order)}`
  }

  function amount(order) {
    const sats = rs.format.sats(order.total_msat)
    if (order.currency === 'sat') return sats
    return `${rs.format.fiat(order.total, order.currency)} · ${sats}`
  }

  /** Where the order goes: a table, a name, or how it is handed over. */
  function place(order) {
    const table = order.table && rs.t('table_name', {name: order.table})
    const type = rs.t(`type_${order.order_type}`)
    return [table || type, order.customer_name].filter(Boolean).join(' · ')
  }

  /** Does this order want a human although nothing is left to cook? */
  function needsHuman(order) {
    const isUnpaid = order.status === 'completed' && order.due_msat > 0
    return order.flags.length > 0 || isUnpaid
  }

  /** What the guest gets back, as text: all that was paid, or the surplus. */
  function owed(order) {
    const isAll = !order.flags.includes('overpaid')
    if (isAll && order.paid_msat === order.total_msat) return amount(order)
    const surplus = isAll ? order.paid_msat : order.paid_msat - order.total_msat
    return rs.format.sats(surplus)
  }

  rs.words = {
    NEXT,
    CANCELABLE,
    REFUNDABLE,
    ALLERGENS,
    STATIONS,
    ROLES,
    urgency,
    orderLine,
    amount,
    place,
    needsHuman,
    owed
  }
})(window.restaurantStaff)
