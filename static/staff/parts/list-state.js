// What a list says when it has nothing to show: why not, or that it is empty.
;(() => {
  window.app.component('restaurant-list-state', {
    template: '#restaurant-list-state',
    props: {rows: Array, error: Object, empty: String},
    emits: ['retry']
  })
})()
