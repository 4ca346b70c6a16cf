// One printer: what it prints, and how its paper looks.
;(rs => {
  const PAGES = ['serves', 'paper']
  const {whole} = rs.settings
  const NEW = {
    name: '',
    stations: [],
    order_types: [],
    copies: 1,
    backup_id: null,
    layout: {rail_mm: 0}
  }

  function formOf(row) {
    const {name, stations, order_types, copies, backup_id, layout} = row ?? NEW
    return {
      name,
      stations: [...stations],
      order_types: [...order_types],
      copies: String(copies),
      backup_id,
      layout: rs.layouts.formOf(layout)
    }
  }

  window.app.component('restaurant-printer-edit', {
    template: '#restaurant-printer-edit',
    mixins: [rs.forms.dialog({path: () => null, one: '/printers', formOf})],
    props: {stations: Array},
    inject: ['press'],
    data() {
      return {page: 'serves', field: null, seenFaults: {}}
    },
    computed: {
      pages() {
        return PAGES.map(name => {
          const mark = this.isWrong(name) ? ' ●' : ''
          return {name, label: rs.t(`printers.pages.${name}`) + mark}
        })
      },
      /** Those of the last save, and those that the preview found since. */
      everyFault() {
        return {...this.faults, ...this.seenFaults}
      },
      backups() {
        const others = (this.press.state.printers || []).filter(
          ({id}) => id !== this.row?.id
        )
        const named = others.map(({id, name}) => ({value: id, label: name}))
        return [{value: null, label: rs.t('printers.no_backup')}, ...named]
      },
      layout() {
        return rs.layouts.bodyOf(this.form.layout)
      }
    },
    watch: {
      faults(faults) {
        if (!Object.keys(faults).length) return
        this.page = Object.keys(faults).some(each => each.startsWith('layout'))
          ? 'paper'
          : 'serves'
      },
      // What was wrong is being mended: the preview looks at it anew.
      'form.layout'() {
        this.faults = {}
        this.fault = null
      }
    },
    methods: {
      isWrong(page) {
        const isPaper = page === 'paper'
        const names = Object.keys(this.everyFault)
        return names.some(each => each.startsWith('layout') === isPaper)
      },
      body() {
        const {name, stations, order_types, copies, backup_id} = this.form
        return {
          name: name.trim(),
          stations,
          order_types,
          copies: whole(copies) ?? '',
          backup_id,
          layout: this.layout
        }
      },
      opened() {
        this.page = 'serves'
        this.field = null
        this.seenFaults = {}
      }
    }
  })
})(window.restaurantStaff)
