// The restaurant's logo on this printer's receipts: shown, put up, taken down.
;(rs => {
  const READABLE = ['image/png', 'image/jpeg', 'image/webp']
  const BYTES_MAX = 1_000_000
  const SIDE_MAX = 1_000

  /** Photos of phones are far larger than any paper: small enough to be sent. */
  async function shrunk(file) {
    if (READABLE.includes(file.type) && file.size <= BYTES_MAX) return file
    const image = await createImageBitmap(file)
    const scale = Math.min(1, SIDE_MAX / Math.max(image.width, image.height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(image.width * scale))
    canvas.height = Math.max(1, Math.round(image.height * scale))
    canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height)
    return new Promise(resolve => canvas.toBlob(resolve, 'image/webp', 0.9))
  }

  window.app.component('restaurant-logo', {
    template: '#restaurant-logo',
    mixins: [rs.pictures.shown],
    props: {modelValue: String, restaurant: Object, fault: String},
    emits: ['update:modelValue'],
    data() {
      return {stored: null, isBusy: false, failure: null}
    },
    computed: {
      path() {
        return `/restaurants/${this.restaurant.id}/logo`
      }
    },
    methods: {
      async load() {
        try {
          const {blob, tag} = await rs.pictures.get(`${this.path}.png`)
          if (this.isGone) return
          this.show(blob)
          this.stored = tag
        } catch (error) {
          this.show(null)
          if (error.status !== 404) this.failure = error.detail
        }
      },
      async put(event) {
        const [file] = event.target.files
        event.target.value = ''
        if (!file) return
        Object.assign(this, {isBusy: true, failure: null})
        try {
          const body = await shrunk(file)
          const {sha256} = await rs.api.call('PUT', this.path, {body, mayRepeat: true})
          await this.load()
          this.$emit('update:modelValue', sha256)
        } catch (error) {
          this.failure = error.status ? error.detail : rs.t('layout.no_picture')
        }
        this.isBusy = false
      },
      async remove() {
        const yes = await rs.ask.confirm(
          rs.t('layout.remove_logo'),
          rs.t('layout.remove_logo_text'),
          rs.t('tables.remove')
        )
        if (!yes) return
        try {
          await rs.api.call('DELETE', this.path)
          this.show(null)
          this.stored = null
          this.$emit('update:modelValue', null)
        } catch (error) {
          this.failure = error.detail
        }
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
