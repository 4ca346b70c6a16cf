// What a job prints, or printed: its picture, and its text until that is there.
;(rs => {
  window.app.component('restaurant-job-preview', {
    template: '#restaurant-job-preview',
    mixins: [rs.pictures.shown],
    props: {job: Object},
    data() {
      return {isText: false}
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
          this.show((await rs.pictures.get(path)).blob)
        } catch {
          // The text tells the same.
        }
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
