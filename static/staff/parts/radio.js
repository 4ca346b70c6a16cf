// One of a few things, each with a sentence on when to choose it:
// [{value, label, hint}].
;(() => {
  window.app.component('restaurant-radio', {
    template: '#restaurant-radio',
    props: {modelValue: String, options: Array, label: String, fault: String},
    emits: ['update:modelValue']
  })
})()
