// The bill of an order: lines, discounts, charges, taxes, tip, at which rate; in the
// currency and in satoshi. Tips stand apart from what was sold.
;(rs => {
  const SUMS = [
    'subtotal_msat',
    'discount_msat',
    'service_msat',
    'tax_msat',
    'tip_msat',
    'total_msat'
  ]
  const MONEY = ['paid_msat', 'refunded_msat', 'owed_msat', 'due_msat']
  const ALWAYS = ['total_msat', 'paid_msat', 'due_msat']
  const isNothing = text => /^-?0(\.0*)?$/.test(text)

  window.app.component('restaurant-bill', {
    template: '#restaurant-bill',
    props: {order: Object},
    computed: {
      isOld() {
        return this.order.amounts === null
      },
      /** Everything before the tip, from the lines down. */
      rows() {
        const {order} = this
        const {amounts: sums} = order
        const exclusive = !order.tax_inclusive && !isNothing(sums.tax)
        return [
          {label: rs.t('sums.subtotal_msat'), text: this.fiat(sums.subtotal)},
          ...order.discounts.map(each => ({
            label: each.name,
            about: [rs.t(`bill.triggers.${each.trigger}`), each.reason],
            text: this.fiat(each.amount, '−')
          })),
          ...order.charges.map(each => ({
            label: each.percent ? `${each.name} (${each.percent} %)` : each.name,
            text: this.fiat(each.amount)
          })),
          ...(exclusive
            ? [{label: rs.t('sums.tax_msat'), text: this.fiat(sums.tax)}]
            : [])
        ]
      },
      /** The tip, what was rounded, and the whole. */
      ends() {
        const {order} = this
        const {amounts: sums} = order
        const hasTip = !isNothing(sums.tip)
        return [
          hasTip && {label: rs.t('bill.sales'), text: this.fiat(this.sales)},
          hasTip && {label: rs.t('bill.tip'), text: this.fiat(sums.tip)},
          !isNothing(sums.rounding) && {
            label: rs.t('bill.rounding'),
            text: this.fiat(sums.rounding)
          }
        ].filter(Boolean)
      },
      sales() {
        const {total, tip, rounding} = this.order.amounts
        const decimals = rs.format.decimalsOf(total)
        const minor = text => {
          const value = rs.format.toMinor(text.replace('-', ''), decimals) ?? 0n
          return text.startsWith('-') ? -value : value
        }
        const left = minor(total) - minor(tip) - minor(rounding)
        return rs.format.fromMinor(left, decimals)
      },
      total() {
        return rs.words.amount(this.order)
      },
      oldSums() {
        const {order} = this
        return SUMS.filter(name => ALWAYS.includes(name) || order[name]).map(name => ({
          name,
          text: name === 'total_msat' ? this.total : this.exact(order[name])
        }))
      },
      money() {
        const {order} = this
        return MONEY.filter(name => ALWAYS.includes(name) || order[name]).map(name => ({
          name,
          text: order[name] ? this.worth(name) : this.exact(0)
        }))
      },
      /** "1 GTQ = 158.635 sat · market, +1 % · 16:02" for each currency. */
      rates() {
        const {rates, rate_sources: sources, rate_markup_percent: markup} = this.order
        return Object.entries(rates).map(([currency, rate]) => {
          const source = sources[currency]
          const isRaised = source !== 'house' && !isNothing(markup)
          const sign = Number(markup) > 0 ? '+' : ''
          return [
            `1 ${currency} = ${rate} sat`,
            source && rs.t(`bill.sources.${source}`),
            isRaised && `${sign}${markup} %`,
            this.age
          ]
            .filter(Boolean)
            .join(' · ')
        })
      },
      /** When the rate was looked up, and how old it was then. */
      age() {
        const {rate_at: at, created_at: placed} = this.order
        if (!at) return null
        const seconds = Math.max(
          0,
          Math.round((Date.parse(placed) - Date.parse(at)) / 1000)
        )
        return rs.t('bill.rate_at', {time: rs.format.moment(at), seconds})
      }
    },
    methods: {
      /** Both units; what is due is told by the server to the smallest coin. */
      worth(name) {
        const {order} = this
        if (name !== 'due_msat' || rs.sums.isSat(order.currency))
          return rs.words.money(order, order[name])
        return `${rs.words.fiat(order)} · ${rs.format.sats(order.due_msat)}`
      },
      exact: msat => `${rs.format.whole(msat / 1000)} sat`,
      fiat(text, sign = '') {
        return sign + rs.format.fiat(text, this.order.currency)
      },
      number: rs.format.number,
      lineText: line => rs.format.fiat(rs.sums.lineTotal(line), line.currency)
    }
  })
})(window.restaurantStaff)
