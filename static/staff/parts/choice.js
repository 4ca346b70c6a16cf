// One of a few things, all to be seen at once: large buttons, [{name, label}].
;(() => {
  window.app.component('restaurant-choice', {
    template: '#restaurant-choice',
    props: {modelValue: String, options: Array, label: String},
    emits: ['update:modelValue']
  })
})()
