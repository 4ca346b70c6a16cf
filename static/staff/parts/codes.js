// The codes of a discount: make one or many, copy them, take them along, remove them.
;(rs => {
  const SHOWN = 100
  const PAGES = 20

  window.app.component('restaurant-codes', {
    template: '#restaurant-codes',
    props: {modelValue: Boolean, discount: Object},
    emits: ['update:modelValue', 'changed'],
    data() {
      return {
        codes: null,
        wanted: '',
        count: '20',
        typed: '',
        fault: null,
        isBusy: false
      }
    },
    computed: {
      path() {
        return `/discounts/${this.discount.id}/codes`
      },
      found() {
        const wanted = this.typed.trim().toUpperCase()
        return (this.codes ?? []).filter(({code}) => code.includes(wanted))
      },
      shown() {
        return this.found.slice(0, SHOWN)
      },
      about() {
        return rs.t('codes.count', {n: this.codes?.length ?? '…'})
      }
    },
    watch: {
      modelValue(isOpen) {
        if (!isOpen) return
        this.keyFor = rs.api.keyring()
        const fresh = {codes: null, wanted: '', typed: '', fault: null, isBusy: false}
        Object.assign(this, fresh)
        this.load()
      }
    },
    methods: {
      async load() {
        try {
          this.codes = await rs.api.all(this.path, PAGES)
        } catch (error) {
          this.fault = error.detail
        }
      },
      addOne() {
        return this.make({code: this.wanted.trim()})
      },
      addMany() {
        return this.make({count: rs.settings.whole(this.count)})
      },
      async make(body) {
        Object.assign(this, {isBusy: true, fault: null})
        try {
          await rs.api.call('POST', this.path, {body, key: this.keyFor(body)})
          this.keyFor = rs.api.keyring()
          this.wanted = ''
          await this.load()
          this.$emit('changed')
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      },
      async remove({id}) {
        try {
          await rs.api.call('DELETE', `/discount_codes/${id}`)
          this.codes = this.codes.filter(each => each.id !== id)
          this.$emit('changed')
        } catch (error) {
          this.fault = error.detail
        }
      },
      copy() {
        rs.ask.copy(this.found.map(each => each.code).join('\n'))
      },
      download() {
        const head = ['code', 'uses', 'created_at']
        const rows = this.found.map(each => head.map(name => `"${each[name]}"`))
        const text = [head, ...rows].map(row => row.join(',')).join('\r\n')
        const name = this.discount.name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()
        Quasar.exportFile(`codes-${name}.csv`, `${text}\r\n`, 'text/csv')
      }
    }
  })
})(window.restaurantStaff)
