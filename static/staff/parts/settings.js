// The restaurant's settings, its hours and times, and its end.
;(rs => {
  const {GENERAL, HOURS, TIMES} = rs.settings
  const FORMS = [
    {name: 'general', dirty: 'settings', groups: GENERAL},
    {name: 'hours', dirty: 'hours', groups: HOURS},
    {name: 'times', dirty: 'times', groups: TIMES}
  ]

  window.app.component('restaurant-settings', {
    template: '#restaurant-settings',
    props: {restaurant: Object},
    emits: ['go', 'changed', 'closed'],
    data() {
      return {page: 'general', forms: FORMS}
    },
    computed: {
      pages() {
        return FORMS.map(({name, dirty}) => ({
          name,
          label: rs.t(`settings.pages.${name}`) + (rs.dirty[dirty] ? ' ●' : '')
        }))
      }
    },
    methods: {
      async closeDown() {
        const {name, id} = this.restaurant
        const t = key => rs.t(`settings.${key}`)
        const typed = await rs.ask.text(
          t('close_down'),
          rs.t('settings.close_down_ask', {name}),
          t('close_down'),
          {label: rs.t('settings.fields.name'), isValid: value => value === name}
        )
        if (typed !== name) return
        try {
          await rs.api.call('DELETE', `/restaurants/${id}`)
          this.$emit('closed')
        } catch (error) {
          rs.ask.failed(error)
        }
      }
    }
  })
})(window.restaurantStaff)
