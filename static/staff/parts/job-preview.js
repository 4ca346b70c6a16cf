// What a job prints, or printed: its picture, and its text until that is there.
;(rs => {
  window.app.component('restaurant-job-preview', {
    template: '#restaurant-job-preview',
    props: {job: Object},
    data() {
      return {picture: null, isText: false}
    },
    watch: {
      // Another copy of it says something else at its head.
      'job.bitmap_sha256': 'load',
      'job.possible_duplicate': 'load'
    },
    methods: {
      async load() {
        if (this.job.kind === 'drawer') return
        try {
          const path = `/print_jobs/${this.job.id}/preview.png`
          const {blob} = await rs.api.call('GET', path, {isPicture: true})
          if (!this.isGone) this.show(blob)
        } catch {
          // The text tells the same.
        }
      },
      show(blob) {
        this.forget()
        this.picture = URL.createObjectURL(blob)
      },
      forget() {
        if (this.picture) URL.revokeObjectURL(this.picture)
      }
    },
    created() {
      this.load()
    },
    beforeUnmount() {
      this.isGone = true
      this.forget()
    }
  })
})(window.restaurantStaff)
