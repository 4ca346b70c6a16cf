// A form on top: back, perhaps delete, and one button that sends it.
;(() => {
  let count = 0

  window.app.component('restaurant-form-dialog', {
    template: '#restaurant-form-dialog',
    props: {
      modelValue: Boolean,
      title: String,
      about: String,
      submit: String,
      fault: String,
      isWide: Boolean,
      isBusy: Boolean,
      isReady: {type: Boolean, default: true},
      mayRemove: Boolean,
      /** There is nothing to go back to. */
      isLast: Boolean
    },
    emits: ['update:modelValue', 'submit', 'remove'],
    data() {
      return {formId: `rs-form-${++count}`}
    }
  })
})()
