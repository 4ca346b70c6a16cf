// Which stations a printer serves: those of the menu, others by typing; none is all.
;(() => {
  window.app.component('restaurant-printer-serves', {
    template: '#restaurant-printer-serves',
    props: {modelValue: Array, stations: Array, fault: String},
    emits: ['update:modelValue'],
    data() {
      return {isSome: this.modelValue.length > 0, chosen: this.modelValue, typed: ''}
    },
    computed: {
      found() {
        const wanted = this.typed.trim().toLowerCase()
        return (this.stations || []).filter(each => each.toLowerCase().includes(wanted))
      }
    },
    watch: {
      // Whoever changes their mind finds what they chose before.
      isSome(isSome) {
        this.$emit('update:modelValue', isSome ? this.chosen : [])
      }
    },
    methods: {
      // Else Enter would mean the station that was chosen before.
      filter(typed, update) {
        update(() => (this.typed = typed))
      },
      choose(stations) {
        const named = (stations || []).map(each => each.trim()).filter(Boolean)
        this.chosen = [...new Set(named)]
        this.$emit('update:modelValue', this.chosen)
      },
      /** Whoever goes on without Enter means what stands there. */
      take() {
        if (this.typed.trim()) this.choose([...this.modelValue, this.typed])
        this.typed = ''
      }
    }
  })
})()
