// An order that staff take: at a table, at the counter, on the phone. It goes to the
// kitchen at once; it is paid right away, or at the end as an open tab.
;(rs => {
  const {carts} = rs
  const {whole} = rs.settings
  const SETTLE_MS = 350

  window.app.component('restaurant-order-new', {
    template: '#restaurant-order-new',
    props: {restaurant: Object, people: Array, serverId: String},
    emits: ['close', 'placed'],
    inject: ['board'],
    data() {
      const type = this.restaurant.order_types[0] ?? rs.words.ORDER_TYPES[0]
      return {
        form: {
          type,
          table: null,
          covers: '',
          name: '',
          address: '',
          phone: '',
          note: '',
          server: this.serverId,
          paying: type === 'dine_in' ? 'tab' : 'now'
        },
        rows: [],
        tables: [],
        total: null,
        trouble: null,
        fault: null,
        isBusy: false
      }
    },
    computed: {
      types() {
        const offered = this.restaurant.order_types
        return rs.words.ORDER_TYPES.filter(name => offered.includes(name)).map(
          name => ({
            name,
            label: rs.t(`type_${name}`)
          })
        )
      },
      payings() {
        const names = this.form.type === 'dine_in' ? ['tab', 'now'] : ['now']
        return names.map(name => ({name, label: rs.t(`neworder.pay_${name}`)}))
      },
      tableNames() {
        return rs.words.sortedNames(this.tables.map(({name}) => name))
      },
      isTab() {
        return this.form.type === 'dine_in' && this.form.paying === 'tab'
      },
      cart() {
        const {form} = this
        const kept = (name, value) => (value ? {[name]: value} : {})
        const isHere = form.type === 'dine_in'
        const address = form.address.trim()
        return {
          restaurant_id: this.restaurant.id,
          order_type: form.type,
          payment_method: 'cash',
          items: carts.itemsOf(this.rows),
          ...kept('tab', this.isTab),
          ...kept('table', isHere && form.table),
          ...kept('covers', isHere && whole(form.covers)),
          ...kept('customer_name', form.name.trim()),
          ...kept('note', form.note.trim()),
          ...kept('server_id', form.server),
          ...(form.type === 'delivery' && address
            ? {delivery: {address, ...kept('phone', form.phone.trim())}}
            : {})
        }
      }
    },
    watch: {
      cart: {deep: true, handler: 'ask'},
      'form.type'(type) {
        this.form.paying = type === 'dine_in' ? 'tab' : 'now'
      }
    },
    methods: {
      /** What it will come to; what is wrong with it is said beforehand. */
      ask() {
        clearTimeout(this.timer)
        const asked = (this.asked = (this.asked ?? 0) + 1)
        if (!this.rows.length) {
          Object.assign(this, {total: null, trouble: null})
          return
        }
        this.timer = setTimeout(async () => {
          const [total, trouble] = await this.quote()
          if (asked === this.asked) Object.assign(this, {total, trouble})
        }, SETTLE_MS)
      },
      async quote() {
        try {
          const options = {body: this.cart, mayRepeat: true}
          return [
            rs.words.amount(await rs.api.call('POST', '/orders/quote', options)),
            null
          ]
        } catch (error) {
          return [null, error.detail]
        }
      },
      async send() {
        if (this.isBusy) return
        const body = this.cart
        Object.assign(this, {isBusy: true, fault: null})
        try {
          const options = {body, key: this.keyFor(body)}
          const {order} = await rs.api.call('POST', '/orders', options)
          this.board.put(order)
          this.$emit('placed', order)
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      },
      async loadTables() {
        try {
          this.tables = await rs.api.all(`/restaurants/${this.restaurant.id}/tables`)
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    },
    created() {
      this.keyFor = rs.api.keyring()
      this.loadTables()
    },
    beforeUnmount() {
      clearTimeout(this.timer)
    }
  })
})(window.restaurantStaff)
