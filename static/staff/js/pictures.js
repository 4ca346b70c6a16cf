// Pictures that the server draws: one at a time, given back to the browser after use.
;(rs => {
  /** The picture at a path of the API: `{blob, tag}`; throws ApiError. */
  const get = path => rs.api.call('GET', path, {isPicture: true})

  /** For a component that shows one: `picture` is its address, null for none; `show`
   * takes a blob or null. `isGone`: it is shown no more, what comes now is dropped. */
  const shown = {
    data() {
      return {picture: null}
    },
    methods: {
      show(blob) {
        if (this.picture) URL.revokeObjectURL(this.picture)
        this.picture = blob && !this.isGone ? URL.createObjectURL(blob) : null
      }
    },
    beforeUnmount() {
      this.isGone = true
      this.show(null)
    }
  }

  rs.pictures = {get, shown}
})(window.restaurantStaff)
