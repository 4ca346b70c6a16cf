// A new printer: at a machine with printer-pi, or one that asks the server itself.
;(rs => {
  const KINDS = ['pi', 'cloudprnt', 'epson']
  const READY = {isReady: true, isBusy: false}

  window.app.component('restaurant-printer-add', {
    template: '#restaurant-printer-add',
    props: {modelValue: Boolean, restaurant: Object, stations: Array},
    emits: ['update:modelValue'],
    inject: ['press'],
    data() {
      return this.blank()
    },
    computed: {
      kinds() {
        return KINDS.map(value => ({
          value,
          label: rs.t(`printers.kinds.${value}`),
          hint: rs.t(`printers.kind_hints.${value}`)
        }))
      },
      title() {
        return this.page === 'kind' ? 'add' : `add_${this.kind}`
      },
      /** What the button does now. */
      now() {
        if (this.made) return {name: 'noted', ...READY}
        if (this.page === 'kind') return {name: 'next', ...READY}
        if (this.kind === 'pi') return this.pairing
        const isReady = Boolean(this.form.name.trim())
        return {name: 'create', isReady, isBusy: this.isBusy}
      }
    },
    watch: {
      modelValue: {
        immediate: true,
        handler(isOpen) {
          this.keyFor = rs.api.keyring()
          if (isOpen) Object.assign(this, this.blank())
        }
      }
    },
    methods: {
      /** With a code at hand the choice is made: a machine shows it. */
      blank() {
        return {
          page: this.press.state.code ? 'form' : 'kind',
          kind: 'pi',
          form: {name: '', stations: []},
          pairing: {name: 'pair', isReady: false, isBusy: false},
          made: null,
          faults: {},
          fault: null,
          isBusy: false
        }
      },
      close() {
        this.$emit('update:modelValue', false)
      },
      /** Back from a form is the choice before it. */
      back() {
        const isForm = this.page === 'form' && !this.made && this.now.name !== 'save'
        if (!isForm) return this.close()
        Object.assign(this, {page: 'kind', fault: null, faults: {}})
      },
      async go() {
        if (this.made) return this.close()
        if (this.page === 'kind') {
          this.page = 'form'
          return
        }
        if (this.kind === 'pi') {
          if (await this.$refs.pairing.go()) this.close()
          return
        }
        await this.create()
      },
      async create() {
        const {name, stations} = this.form
        const body = {kind: this.kind, name: name.trim(), stations}
        Object.assign(this, {isBusy: true, fault: null, faults: {}})
        try {
          const path = `/restaurants/${this.restaurant.id}/printers`
          const options = {body, key: this.keyFor(body)}
          this.made = await rs.api.call('POST', path, options)
          await this.press.loadPrinters()
        } catch (error) {
          this.fault = error.detail
          this.faults = rs.forms.faultsOf(error)
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
