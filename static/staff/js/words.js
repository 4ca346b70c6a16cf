// The fixed words of orders, menus and devices, and what may follow what.
;(rs => {
  /** The one big button of a card: from status to the step it takes. */
  const NEXT = {paid: 'accepted', accepted: 'ready', ready: 'completed'}
  const CANCELABLE = ['pending', 'paid', 'accepted', 'ready']
  const REFUNDABLE = ['paid', 'accepted', 'ready', 'completed', 'canceled']
  const ENDED = ['canceled', 'refunded']
  const METHODS = ['cash', 'lightning', 'card', 'gift_card']
  const ORDER_TYPES = ['dine_in', 'pickup', 'delivery']
  /** A human decides about these before they are cooked. */
  const UNDECIDED = ['paid_late', 'oversold', 'unavailable']

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

  /** A part of the order in both units: "GTQ 18.00 · 2,855 sat" */
  function money(order, msat) {
    const sats = rs.format.sats(Number(msat))
    if (rs.sums.isSat(order.currency)) return sats
    return `${rs.format.fiat(rs.sums.worthOf(order, msat), order.currency)} · ${sats}`
  }

  const fiat = order => rs.format.fiat(order.due, order.currency)

  /** Is money to be taken for this order? */
  const isDue = order => order.due_msat > 0 && !ENDED.includes(order.status)

  /** Does its guest come to the counter with cash, before anything is cooked? */
  const waitsForCash = order =>
    order.status === 'pending' && order.payment_method === 'cash'

  /** "waits for approval", "on its way" … */
  function refundStatus({status, destination}) {
    const isFetched = status === 'approved' && destination === 'withdraw'
    return rs.t(`give.status.${isFetched ? 'to_fetch' : status}`)
  }

  /** Refunds that somebody has to look at. */
  const openRefunds = order =>
    order.refunds.filter(({status, problem}) => {
      const isWaiting = status === 'approved' || status === 'sending'
      const isLost = status === 'failed' && order.owed_msat > 0
      return status === 'requested' || isLost || (isWaiting && problem)
    })

  /** Does this order want a human although nothing is left to cook? */
  function needsHuman(order) {
    const isUnpaid = order.status === 'completed' && order.due_msat > 0
    const waits = order.refunds.some(each => each.status === 'requested')
    return order.flags.length > 0 || isUnpaid || waits
  }

  const isUndecided = order =>
    order.status === 'paid' && order.flags.some(flag => UNDECIDED.includes(flag))

  /** Only the surplus is owed: the order itself is made. */
  const isSurplus = order =>
    order.owed_msat > 0 && !ENDED.includes(order.status) && !isUndecided(order)

  /** May a canceled order be made after all? The server lets it once. */
  function mayResurrect(order) {
    const wasBefore = order.history.some(step => step.reason === 'resurrected')
    const isThere = order.refundable_msat >= order.total_msat && order.paid_msat > 0
    return order.status === 'canceled' && isThere && !wasBefore
  }

  /** The methods that the restaurant takes for such an order. */
  function methodsFor(order, restaurant) {
    const rules = restaurant.accepted_payments
    const fits = ({order_types: types}) =>
      !types.length || types.includes(order.order_type)
    return METHODS.filter(name =>
      rules.some(each => each.method === name && fits(each))
    )
  }

  const EDITABLE = ['pending', 'paid', 'accepted', 'ready']

  /** Until it is handed over, an order may be changed. */
  const mayEdit = order => EDITABLE.includes(order.status) && order.amounts !== null

  /** Is it with the kitchen, or waits to be served? */
  const isSent = order => ['accepted', 'ready'].includes(order.status)

  /** "Contains: Gluten, Milk" */
  function allergens(names) {
    const words = names.map(name =>
      ALLERGENS.includes(name) ? rs.t(`allergens.${name}`) : name
    )
    return `${rs.t('order.allergens')}: ${words.join(', ')}`
  }

  /** The orders that one may be joined with; money on one stays where it is. */
  const mergeable = (order, orders) =>
    orders.filter(
      each =>
        each.id !== order.id &&
        isSent(each) &&
        each.amounts !== null &&
        each.currency === order.currency
    )

  /** Table 2 stands before table 10. */
  function sortedNames(names) {
    const collator = new Intl.Collator(rs.format.locale(), {numeric: true})
    return [...new Set(names)].sort(collator.compare)
  }

  rs.words = {
    sortedNames,
    mayEdit,
    isSent,
    allergens,
    mergeable,
    NEXT,
    CANCELABLE,
    REFUNDABLE,
    ALLERGENS,
    STATIONS,
    ROLES,
    METHODS,
    ORDER_TYPES,
    UNDECIDED,
    urgency,
    orderLine,
    amount,
    place,
    money,
    fiat,
    isDue,
    waitsForCash,
    refundStatus,
    openRefunds,
    needsHuman,
    isUndecided,
    isSurplus,
    mayResurrect,
    methodsFor
  }
})(window.restaurantStaff)
