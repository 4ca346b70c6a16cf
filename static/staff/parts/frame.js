// The frame of what opens on top: a title, what it is about, and buttons below.
;(() => {
  window.app.component('restaurant-frame', {
    template: '#restaurant-frame',
    props: {title: String, about: String, isWide: Boolean, fault: String}
  })
})()
