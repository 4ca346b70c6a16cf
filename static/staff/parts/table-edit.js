// A table's name, and the part of the house that it stands in.
;(rs => {
  const formOf = row => ({name: row?.name ?? '', zone: row?.zone ?? ''})
  const path = ({id}) => `/restaurants/${id}/tables`

  window.app.component('restaurant-table-edit', {
    template: '#restaurant-table-edit',
    mixins: [rs.forms.dialog({path, one: '/tables', formOf})],
    props: {zones: Array},
    methods: {
      body() {
        return {name: this.form.name.trim(), zone: this.form.zone.trim() || null}
      }
    }
  })
})(window.restaurantStaff)
