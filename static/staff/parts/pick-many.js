// Several of a long list, found by typing: [{value, label, about}].
;(() => {
  window.app.component('restaurant-pick-many', {
    template: '#restaurant-pick-many',
    props: {
      modelValue: Array,
      options: Array,
      label: String,
      hint: String,
      fault: String,
      /** The name of what is no longer there. */
      unknown: String
    },
    emits: ['update:modelValue'],
    data() {
      return {typed: ''}
    },
    computed: {
      // Also what is not among those found now keeps its name.
      chosen() {
        const known = new Map(this.options.map(each => [each.value, each]))
        return this.modelValue.map(
          value => known.get(value) ?? {value, label: this.unknown ?? value}
        )
      },
      found() {
        const wanted = this.typed.toLowerCase()
        return this.options.filter(({label, about}) =>
          `${label} ${about ?? ''}`.toLowerCase().includes(wanted)
        )
      }
    },
    methods: {
      choose(chosen) {
        this.$emit(
          'update:modelValue',
          (chosen || []).map(each => each.value)
        )
      },
      filter(typed, update) {
        update(() => (this.typed = typed))
      }
    }
  })
})()
