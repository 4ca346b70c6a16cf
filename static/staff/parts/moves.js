// Three small buttons of a row in a list: up, down, delete.
;(() => {
  window.app.component('restaurant-moves', {
    template: '#restaurant-moves',
    props: {name: String, index: Number, count: Number},
    emits: ['move', 'remove']
  })
})()
