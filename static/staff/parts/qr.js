// A QR code with a name for those who cannot see it; LNbits' own has none.
;(() => {
  window.app.component('restaurant-qr', {
    template: '#restaurant-qr',
    props: {
      link: String,
      label: String,
      /** Nobody is to open it here: a tap copies it. */
      isCopied: Boolean
    },
    mounted() {
      this.$el.querySelector('svg').setAttribute('aria-label', this.label)
    }
  })
})()
