// A part of the house: one that is there already, or a new one.
;(() => {
  window.app.component('restaurant-zone', {
    template: '#restaurant-zone',
    props: {modelValue: String, zones: Array, fault: String},
    emits: ['update:modelValue']
  })
})()
