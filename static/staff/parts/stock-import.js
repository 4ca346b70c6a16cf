// A sheet of counts: chosen, sent, and refused as a whole with the row of each fault.
;(rs => {
  /** What a spreadsheet saves: UTF-8, else what Windows calls ANSI. */
  async function textOf(file) {
    const bytes = await file.arrayBuffer()
    try {
      return new TextDecoder('utf-8', {fatal: true}).decode(bytes)
    } catch {
      return new TextDecoder('windows-1252').decode(bytes)
    }
  }

  window.app.component('restaurant-stock-import', {
    template: '#restaurant-stock-import',
    props: {modelValue: Boolean, restaurant: Object},
    emits: ['update:modelValue', 'imported'],
    data() {
      return {
        text: '',
        fileName: '',
        reason: '',
        rows: [],
        count: 0,
        faults: {},
        fault: null,
        isBusy: false
      }
    },
    watch: {
      modelValue(isOpen) {
        if (!isOpen) return
        this.keyFor = rs.api.keyring()
        this.forget()
        Object.assign(this, {text: '', fileName: '', isBusy: false})
        this.reason = rs.t('stock.reasons.stocktake')
      }
    },
    methods: {
      forget() {
        Object.assign(this, {rows: [], count: 0, faults: {}, fault: null})
      },
      placeOf({row, column}) {
        const place = rs.t('sheet.row', {n: row})
        return column ? `${place}, ${column}` : place
      },
      async read(event) {
        const [file] = event.target.files
        event.target.value = ''
        if (!file) return
        this.forget()
        this.fileName = file.name
        this.text = await textOf(file)
      },
      async send() {
        const body = {csv: this.text, reason: this.reason.trim()}
        this.forget()
        this.isBusy = true
        try {
          const path = `/restaurants/${this.restaurant.id}/stocks/import`
          const made = await rs.api.call('POST', path, {body, key: this.keyFor(body)})
          rs.ask.done(rs.t('sheet.done', made))
          this.$emit('imported')
          this.$emit('update:modelValue', false)
        } catch (error) {
          this.rows = error.facts?.faults ?? []
          this.count = error.facts?.fault_count ?? this.rows.length
          this.faults = rs.forms.faultsOf(error)
          this.fault = error.detail
        }
        this.isBusy = false
      }
    }
  })
})(window.restaurantStaff)
