// How a printer's paper looks, field by field.
;(rs => {
  const {GROUPS, optionsOf} = rs.layouts

  window.app.component('restaurant-printer-layout', {
    template: '#restaurant-printer-layout',
    props: {modelValue: Object, restaurant: Object, faults: Object},
    /** `set` with the name of the field that was changed. */
    emits: ['update:modelValue', 'set'],
    data() {
      return {open: {look: true, receipts: true}}
    },
    computed: {
      groups() {
        const isMeant = ({when}) => !when || when(this.modelValue)
        return GROUPS.map(group => ({...group, fields: group.fields.filter(isMeant)}))
      }
    },
    watch: {
      // A fault is not to be hidden in a fold.
      faults(faults) {
        GROUPS.forEach(({name, fields}) => {
          if (fields.some(each => faults[`layout.${each.name}`])) this.open[name] = true
        })
      }
    },
    methods: {
      optionsOf,
      labelOf: ({name}) => rs.t(`layout.fields.${name}`),
      hintOf({name}) {
        const key = `restaurant.layout.hints.${name}`
        return this.$te(key) || this.$te(key, 'en') ? this.$t(key) : undefined
      },
      set(name, value) {
        this.$emit('update:modelValue', {...this.modelValue, [name]: value})
        this.$emit('set', name)
      },
      faultOf({name}) {
        const detail = this.faults[`layout.${name}`]
        return {error: Boolean(detail), errorMessage: detail}
      }
    }
  })
})(window.restaurantStaff)
