// Changes an order that is not handed over yet: lines, discounts, tax, table, guests.
// Says what it will come to before it is saved, and what it came to afterwards.
;(rs => {
  const {carts} = rs
  const {orNull, whole} = rs.settings
  const SETTLE_MS = 350
  const VOIDED = ['mistake', 'guest', 'sold_out', 'complaint']
  const formOf = order => ({
    discounts: carts.discountsOf(order),
    isExempt: Boolean(order.tax_exempt_reason),
    exemptReason: order.tax_exempt_reason ?? '',
    table: order.table ?? '',
    covers: String(order.covers ?? ''),
    note: order.note ?? ''
  })
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)

  window.app.component('restaurant-order-edit', {
    template: '#restaurant-order-edit',
    props: {order: Object, restaurant: Object, options: Object},
    emits: ['close'],
    inject: ['board', 'takePayment', 'giveBack'],
    data() {
      return {
        rows: [],
        form: formOf(this.order),
        before: {},
        revision: null,
        stored: [],
        tables: [],
        quoted: null,
        basis: null,
        isAdding: false,
        saved: null,
        reason: '',
        fault: null,
        notice: null,
        isBusy: false
      }
    },
    computed: {
      about() {
        return rs.words.place(this.order)
      },
      body() {
        const {form, before} = this
        const isNew = name => !same(form[name], before[name])
        const items = carts.itemsOf(this.rows)
        const given = {
          items,
          discounts: carts.sentDiscounts(form.discounts, this.rows),
          tax_exempt: form.isExempt ? {reason: form.exemptReason.trim()} : null,
          table: orNull(form.table),
          covers: whole(form.covers),
          note: form.note.trim() || null
        }
        const isChanged = {
          items: !same(items, before.items),
          discounts: isNew('discounts'),
          tax_exempt: isNew('isExempt') || (form.isExempt && isNew('exemptReason')),
          table: isNew('table'),
          covers: isNew('covers'),
          note: isNew('note')
        }
        return Object.fromEntries(
          Object.entries(given).filter(([name]) => isChanged[name])
        )
      },
      isChanged() {
        return Object.keys(this.body).length > 0
      },
      /** Something that the kitchen knows of goes: somebody will ask why. */
      isVoided() {
        const gone = row =>
          row.parts.length && (row.isRemoved || row.quantity < row.parts[0].quantity)
        return rs.words.isSent(this.order) && this.rows.some(gone)
      },
      reasons() {
        return VOIDED.map(name => {
          const label = rs.t(`round.reasons.${name}`)
          return {name: label, label}
        })
      },
      isReady() {
        const {isExempt, exemptReason} = this.form
        const hasLines = this.rows.some(row => !row.isRemoved)
        const isSaid = !this.isVoided || this.reason.trim()
        const isExcused = !isExempt || exemptReason.trim()
        return this.isChanged && hasLines && isSaid && isExcused
      },
      /** What the total will be, as far as anybody can say before it is saved. */
      forecast() {
        const {quoted, basis, order} = this
        if (!quoted || !basis) return null
        const minor = text => rs.format.toMinor(text, this.decimals)
        const change = minor(quoted.total) - minor(basis.total)
        const total = minor(order.total) + change
        if (total < 0n) return null
        const paid = minor(order.total) - minor(order.due)
        return {
          isExact: basis.total === order.total,
          total: this.fiat(total),
          due: total > paid ? this.fiat(total - paid) : null,
          back: paid > total ? this.fiat(paid - total) : null
        }
      },
      decimals() {
        return rs.format.decimalsOf(this.order.total)
      },
      tableOptions() {
        return this.tables.map(each => each.name)
      },
      lineOptions() {
        return this.rows
          .filter(row => !row.isRemoved)
          .map(row => ({value: row.key, label: `${row.quantity}× ${row.name}`}))
      },
      isOvertaken() {
        return this.order.revision !== this.revision && !this.isBusy && !this.saved
      }
    },
    watch: {
      body: {deep: true, handler: 'ask'},
      // Somebody else changed it: what they did is shown, nothing of it is lost.
      isOvertaken(is) {
        if (is) this.begin(rs.t('edit.overtaken'))
      }
    },
    methods: {
      fiat(minor) {
        const text = rs.format.fromMinor(minor, this.decimals)
        return rs.format.fiat(text, this.order.currency)
      },
      amount: order => rs.words.amount(order),
      dueText: order => rs.words.fiat(order),
      owedText: order => rs.words.money(order, order.owed_msat),
      begin(notice = null) {
        const {order} = this
        this.rows = carts.rowsOf(order)
        this.form = formOf(order)
        this.before = JSON.parse(
          JSON.stringify({...this.form, items: carts.itemsOf(this.rows)})
        )
        this.revision = order.revision
        const fresh = {fault: null, quoted: null, isAdding: false, reason: ''}
        Object.assign(this, {notice, ...fresh})
        this.loadBasis()
      },
      cart() {
        const items = carts.cartOf(this.rows)
        const {order, form} = this
        if (!items?.length) return null
        return {
          restaurant_id: order.restaurant_id,
          order_type: order.order_type,
          items,
          discounts: carts.sentDiscounts(form.discounts, this.rows),
          ...(form.isExempt && form.exemptReason.trim()
            ? {tax_exempt: {reason: form.exemptReason.trim()}}
            : {}),
          ...(orNull(form.table) ? {table: form.table} : {}),
          ...(whole(form.covers) ? {covers: whole(form.covers)} : {}),
          ...(order.tip_msat ? {tip: {amount: order.amounts.tip}} : {})
        }
      },
      async quote() {
        const body = this.cart()
        if (!body) return null
        try {
          return await rs.api.call('POST', '/orders/quote', {body, mayRepeat: true})
        } catch {
          return null // what it comes to is told when it is saved
        }
      },
      /** What the order as it stands costs by the same question. */
      async loadBasis() {
        this.basis = await this.quote()
      },
      ask() {
        clearTimeout(this.timer)
        this.asked = (this.asked ?? 0) + 1
        if (!this.isChanged) {
          this.quoted = null
          return
        }
        const {asked} = this
        this.timer = setTimeout(async () => {
          const quoted = await this.quote()
          if (asked === this.asked) this.quoted = quoted
        }, SETTLE_MS)
      },
      count(row, by) {
        row.quantity = Math.max(1, row.quantity + by)
      },
      drop(row) {
        if (row.item) this.rows = this.rows.filter(each => each !== row)
        else row.isRemoved = !row.isRemoved
      },
      modifiersOf(row) {
        const named = row.item ? row.modifiers : row.parts[0].modifiers
        if (row.combo) return row.parts.map(each => each.name).join(', ')
        return named
          .map(({name, quantity}) => (quantity > 1 ? `${quantity}× ${name}` : name))
          .join(', ')
      },
      priceOf(row) {
        if (row.combo) return ''
        const line = row.item
          ? {...row.item, modifiers: row.modifiers}
          : {...row.parts[0]}
        const {currency} = line
        const {quantity} = row
        return rs.format.fiat(rs.sums.lineTotal({...line, quantity}), currency)
      },
      add({item, modifiers}) {
        carts.add(this.rows, item, modifiers)
        this.rows = [...this.rows]
      },
      async save() {
        if (!this.isReady || this.isBusy) return
        const path = `/orders/${this.order.id}`
        const body = {revision: this.revision, ...this.body}
        if (this.isVoided) body.reason = this.reason.trim()
        Object.assign(this, {isBusy: true, fault: null, notice: null})
        try {
          const options = {body, mayRepeat: true}
          this.saved = await rs.api.call('PATCH', path, options)
          this.board.put(this.saved)
        } catch (error) {
          await this.refused(error)
        }
        this.isBusy = false
      },
      async refused(error) {
        const isOld = error.code === 'order.changed'
        if (!isOld) this.fault = error.detail
        await this.board.loadOne(this.order.id)
        if (isOld) this.begin(rs.t('edit.overtaken'))
      },
      async load() {
        const {id} = this.restaurant
        try {
          const [discounts, tables] = await Promise.all([
            rs.api.all(`/restaurants/${id}/discounts`, 2),
            rs.api.all(`/restaurants/${id}/tables`)
          ])
          this.stored = discounts.filter(
            each => each.trigger === 'staff' && each.is_active
          )
          this.tables = tables
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    },
    created() {
      this.begin()
      this.load()
    },
    beforeUnmount() {
      clearTimeout(this.timer)
    }
  })
})(window.restaurantStaff)
