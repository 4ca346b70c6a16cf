// Which restaurant is being served here.
;(rs => {
  const LAST = 'restaurant.staff.last'

  window.app.component('restaurant-staff', {
    template: '#restaurant-staff',
    data() {
      return {
        restaurants: [],
        currentId: localStorage.getItem(LAST),
        isCreating: false,
        isLoading: true,
        error: null
      }
    },
    computed: {
      current() {
        const chosen = this.restaurants.find(each => each.id === this.currentId)
        return chosen || this.restaurants[0] || null
      }
    },
    methods: {
      async load() {
        this.isLoading = true
        try {
          this.restaurants = await rs.api.all('/restaurants', 1)
          this.error = null
        } catch (error) {
          this.error = error
        }
        this.isLoading = false
      },
      async choose(id) {
        if (rs.unsaved.value && !(await rs.ask.leaveUnsaved())) return
        this.currentId = id
        localStorage.setItem(LAST, id)
      },
      created(restaurant) {
        this.restaurants = [restaurant, ...this.restaurants]
        this.isCreating = false
        this.choose(restaurant.id)
      },
      replace(restaurant) {
        const swap = each => (each.id === restaurant.id ? restaurant : each)
        this.restaurants = this.restaurants.map(swap)
      }
    },
    created() {
      this.load()
    }
  })
})(window.restaurantStaff)
