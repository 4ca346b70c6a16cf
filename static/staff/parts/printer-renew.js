// A new address for a printer that asks the server itself; the old one is over.
;(rs => {
  window.app.component('restaurant-printer-renew', {
    template: '#restaurant-printer-renew',
    props: {modelValue: Boolean, printer: Object},
    emits: ['update:modelValue'],
    data() {
      return {renewed: null, fault: null, isBusy: false}
    },
    watch: {
      modelValue(isOpen) {
        this.keyFor = rs.api.keyring()
        Object.assign(this, {renewed: null, fault: null})
      }
    },
    methods: {
      close() {
        this.$emit('update:modelValue', false)
      },
      async renew() {
        if (this.renewed) return this.close()
        this.isBusy = true
        try {
          const options = {body: {}, key: this.keyFor({})}
          const path = `/printers/${this.printer.id}/secret`
          this.renewed = await rs.api.call('POST', path, options)
        } catch (error) {
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
