// Sums of money as the server makes them, to show them before they are sent.
// Minor units and millisatoshi are BigInt here.
;(rs => {
  const {toMinor, fromMinor, decimalsOf} = rs.format
  /** The smallest coin in minor units, where it is not one. */
  const COINS = {
    ...{AUD: 5n, CAD: 5n, CHF: 5n, NZD: 10n, DKK: 50n},
    ...{CZK: 100n, NOK: 100n, SEK: 100n, HUF: 500n}
  }
  const NOTES = [1n, 2n, 5n]
  const QUICK_MAX = 4
  const NOTES_WORTH = 20n
  /** Refunds in these states take their part of what was paid. */
  const COUNTED = ['requested', 'approved', 'sending', 'sent']

  const floorToSat = msat => (msat / 1000n) * 1000n
  const halvesUp = (above, below) => (2n * above + below) / (2n * below)
  const isSat = currency => ['sat', 'msat', 'BTC'].includes(currency)

  /** The smallest coin for an order: the restaurant's own, or the currency's. */
  function coin(order, restaurant) {
    const own = restaurant.cash_rounding
    if (own !== null && restaurant.currency === order.currency) {
      const decimals = decimalsOf(order.total)
      const [whole, part = ''] = String(own).split('.')
      const minor = toMinor(`${whole}.${part.slice(0, decimals)}`, decimals)
      return minor > 0n ? minor : 1n
    }
    return COINS[order.currency] ?? 1n
  }

  /** To the nearest coin, halves up: 1002n by 5n → 1000n. */
  const toCoins = (minor, step) => ((minor + step / 2n) / step) * step

  /** What people hand over for `due`: exactly it, then the next round sums. */
  function tenders(due, decimals) {
    const found = new Set([due])
    if (due <= 0n) return [...found]
    for (let power = 10n ** BigInt(decimals); found.size <= QUICK_MAX; power *= 10n) {
      for (const note of NOTES.map(each => each * power)) {
        if (note * NOTES_WORTH >= due) found.add(((due + note - 1n) / note) * note)
      }
    }
    return [...found].sort((a, b) => (a < b ? -1 : 1)).slice(0, QUICK_MAX + 1)
  }

  /** What `minor` of a due sum is in msat; all of it takes every satoshi. */
  function partMsat(minor, dueMinor, dueMsat) {
    if (minor >= dueMinor) return BigInt(dueMsat)
    return floorToSat((BigInt(dueMsat) * minor) / dueMinor)
  }

  const minorIn = (order, text) => toMinor(text, decimalsOf(order.total)) ?? 0n
  const counted = order =>
    order.refunds.filter(refund => COUNTED.includes(refund.status))

  /** A part of an order in minor units of its currency, halves up. */
  function minorOf(order, msat) {
    const all = BigInt(order.total_msat)
    return all ? halvesUp(minorIn(order, order.total) * BigInt(msat), all) : 0n
  }

  /** The same as text: 28555000 → "180.00". */
  const worthOf = (order, msat) =>
    fromMinor(minorOf(order, msat), decimalsOf(order.total))

  /** What can still go back in the currency: rounded parts never add up to more. */
  function leftMinor(order) {
    const gone = counted(order).reduce(
      (sum, each) => sum + minorIn(order, each.amount),
      0n
    )
    const left = minorOf(order, order.paid_msat) - gone
    return left > 0n ? left : 0n
  }

  /**
   * What a refund counts for: {msat, minor}. `what` is "all", "owed", "amount" (of
   * `text` in the currency) or "lines" (`counts` by line id); zeros while it is none.
   */
  function refundOf(order, {what, text, counts}) {
    const rest = BigInt(order.refundable_msat)
    const left = leftMinor(order)
    if (what === 'amount') return sumOf(order, minorIn(order, text), rest, left)
    const asked = {
      all: () => rest,
      owed: () => BigInt(order.owed_msat),
      lines: () => linesMsat(order, counts)
    }
    const msat = asked[what]()
    if (msat === rest) return {msat, minor: left}
    const minor = minorOf(order, msat)
    return {msat, minor: minor < left ? minor : left}
  }

  function sumOf(order, minor, rest, left) {
    if (minor === left) return {msat: rest, minor}
    const whole = minorIn(order, order.total)
    const msat = whole ? floorToSat((BigInt(order.total_msat) * minor) / whole) : 0n
    return {msat, minor}
  }

  /** How many of each line are not refunded yet: [{id, name, quantity}]. */
  function linesLeft(order) {
    const gone = {}
    counted(order)
      .flatMap(refund => refund.lines)
      .forEach(each => (gone[each.line_id] = (gone[each.line_id] ?? 0) + each.quantity))
    return order.items
      .map(({id, name, quantity}) => ({id, name, quantity: quantity - (gone[id] ?? 0)}))
      .filter(line => line.quantity > 0)
  }

  /** The part of the total, with tax and tip, of so many of each line, in msat. */
  function linesMsat(order, counts) {
    const whole = order.items.reduce((sum, line) => sum + BigInt(line.line_msat), 0n)
    const below = order.items.reduce((all, line) => all * BigInt(line.quantity), 1n)
    const above = order.items.reduce((sum, line) => {
      const wanted = BigInt(counts[line.id] ?? 0) * BigInt(line.line_msat)
      return sum + (wanted * below) / BigInt(line.quantity)
    }, 0n)
    if (!whole) return 0n
    const exact = halvesUp(above * BigInt(order.total_msat), below * whole)
    const msat = floorToSat(exact)
    const left = BigInt(order.refundable_msat)
    return msat < left ? msat : left
  }

  /** A price changed by a percentage, halves up to whole steps; "" is the usual. */
  function adjusted(price, percent, step) {
    const decimals = decimalsOf(price)
    const [, sign, text] = /^(-?)(.*)$/.exec(percent || '0')
    const share = toMinor(text, 4)
    const unit = (step && toMinor(step, decimals)) || 1n
    if (share === null) return price
    const all = 1_000_000n
    const raised = toMinor(price, decimals) * (sign ? all - share : all + share)
    return fromMinor(halvesUp(raised, all * unit) * unit, decimals)
  }

  /** What a line comes to with its modifiers, in its own currency: "79.00". */
  function lineTotal({price, quantity, modifiers}) {
    const decimals = decimalsOf(price)
    const minor = text => {
      const [, sign, plain] = /^(-?)(.*)$/.exec(text)
      return (sign ? -1n : 1n) * (toMinor(plain, decimals) ?? 0n)
    }
    const each = modifiers.reduce(
      (sum, one) => sum + minor(one.price_delta) * BigInt(one.quantity),
      minor(price)
    )
    const all = each * BigInt(quantity)
    return (all < 0n ? '-' : '') + fromMinor(all < 0n ? -all : all, decimals)
  }

  /** Shares by weight that add up to the whole: who lost most by rounding gets more. */
  function apportion(total, weights) {
    const all = weights.reduce((sum, each) => sum + each, 0n)
    if (!all) return weights.map(() => 0n)
    const shares = weights.map(each => (total * each) / all)
    const lost = weights.map((each, index) => ({index, lost: (total * each) % all}))
    lost.sort((a, b) =>
      a.lost === b.lost ? a.index - b.index : a.lost < b.lost ? 1 : -1
    )
    let left = total - shares.reduce((sum, each) => sum + each, 0n)
    for (const {index} of lost) {
      if (left <= 0n) break
      shares[index] += 1n
      left -= 1n
    }
    return shares
  }

  /** Parts of balances by currency: `part` msat of `amount_msat`, halves up. */
  function shareOf(balances) {
    const sums = new Map()
    for (const {amounts, amount_msat: whole, part} of balances) {
      for (const {currency, amount} of amounts) {
        const decimals = decimalsOf(amount)
        const minor = toMinor(amount, decimals) ?? 0n
        if (!whole || !minor) continue
        const share = halvesUp(minor * BigInt(part), BigInt(whole))
        const before = sums.get(currency)?.minor ?? 0n
        sums.set(currency, {decimals, minor: before + share})
      }
    }
    return [...sums].map(([currency, {minor, decimals}]) => ({
      currency,
      amount: fromMinor(minor, decimals)
    }))
  }

  rs.sums = {
    apportion,
    shareOf,
    adjusted,
    lineTotal,
    isSat,
    coin,
    toCoins,
    tenders,
    partMsat,
    worthOf,
    refundOf,
    linesLeft
  }
})(window.restaurantStaff)
