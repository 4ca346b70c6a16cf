// What a layout will look like on paper: the picture that the printer would print.
;(rs => {
  const WAIT_MS = 350
  const DOTS = {58: 384, 80: 576}
  const WIDEST = 576

  window.app.component('restaurant-layout-preview', {
    template: '#restaurant-layout-preview',
    mixins: [rs.pictures.shown],
    props: {
      layout: Object,
      restaurant: Object,
      /** The one that was changed last. */
      field: String
    },
    emits: ['faults'],
    data() {
      return {sample: 'ticket', isLoading: true, fault: null}
    },
    computed: {
      samples() {
        return rs.layouts.SAMPLES.map(name => ({
          name,
          label: rs.t(`layout.samples.${name}`)
        }))
      },
      asked() {
        return JSON.stringify({layout: this.layout, sample: this.sample})
      },
      /** Narrow paper is narrow here too. */
      width() {
        const dots = this.layout.dots ?? DOTS[this.layout.paper]
        return `${Math.round((dots / WIDEST) * 100)}%`
      }
    },
    watch: {
      // Somebody who writes the footer wants to see the footer.
      field(name) {
        this.sample = rs.layouts.SEEN_ON[name] ?? this.sample
      },
      asked() {
        this.isLoading = true
        clearTimeout(this.timer)
        this.timer = setTimeout(this.load, WAIT_MS)
      }
    },
    methods: {
      /** The last picture stays until the next is there. */
      async load() {
        const {asked} = this
        const path = `/restaurants/${this.restaurant.id}/print_preview`
        const options = {body: JSON.parse(asked), isPicture: true, mayRepeat: true}
        let shown = {fault: null, faults: {}}
        try {
          shown.blob = (await rs.api.call('POST', path, options)).blob
        } catch (error) {
          shown = {fault: error.detail, faults: rs.forms.faultsOf(error)}
        }
        if (asked !== this.asked || this.isGone) return
        this.isLoading = false
        this.fault = shown.fault
        this.$emit('faults', shown.faults)
        if (shown.blob) this.show(shown.blob)
      },
      bringToEye() {
        const {paper} = this.$refs
        if (!paper) return // the dialog was closed while its picture came
        if (this.field === 'footer') paper.scrollTop = paper.scrollHeight
        else if (this.field) paper.scrollTop = 0
      }
    },
    created() {
      this.load()
    },
    beforeUnmount() {
      clearTimeout(this.timer)
    }
  })
})(window.restaurantStaff)
