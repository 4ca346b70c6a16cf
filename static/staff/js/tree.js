// The menu as a draft: the server's tree plus marks of our own, which begin with "_".
;(rs => {
  let keys = 0
  const LISTS = {
    categories: 'items',
    items: 'modifier_groups',
    modifier_groups: 'modifiers',
    modifiers: null
  }

  const blank = {
    categories: () => ({
      id: null,
      name: '',
      station: 'kitchen',
      schedule: null,
      order_types: [],
      items: []
    }),
    items: () => ({
      id: null,
      name: '',
      description: '',
      image_url: null,
      price: '',
      tax_rate: null,
      tax_rates: {},
      stock: null,
      is_available: true,
      available_again_at: null,
      is_hidden: false,
      allergens: [],
      schedule: null,
      order_types: [],
      modifier_groups: []
    }),
    modifier_groups: () => ({id: null, name: '', min: 0, max: null, modifiers: []}),
    modifiers: () => ({
      id: null,
      name: '',
      price_delta: '0',
      stock: null,
      is_available: true,
      available_again_at: null
    })
  }

  // A stored entry keeps its key when the menu is loaded again: what is open stays open.
  const keyOf = node => node.id || `new ${++keys}`
  const mark = node => Object.assign(node, {_key: keyOf(node), _faults: {}})
  const fresh = list => mark(blank[list]())
  const newCategory = () => fresh('categories')
  const newItem = () => fresh('items')
  const newModifier = () => fresh('modifiers')
  const newGroup = () => ({
    ...fresh('modifier_groups'),
    max: 1,
    modifiers: [newModifier()]
  })

  // Fills in what an imported tree leaves out, so that every field can be shown.
  function markAll(nodes, list) {
    nodes.forEach(node => {
      mark(Object.assign(node, {...blank[list](), ...node}))
      if (LISTS[list]) markAll(node[LISTS[list]], LISTS[list])
    })
  }

  /** A draft of a stored or imported tree; throws when there are no categories. */
  function toDraft(tree) {
    if (!Array.isArray(tree?.categories)) throw new Error('categories')
    const categories = JSON.parse(JSON.stringify(tree.categories))
    markAll(categories, 'categories')
    return categories
  }

  /** The body of the upload: the draft without our own marks. */
  function toUpload(categories) {
    const bare = (key, value) => (key.startsWith('_') ? undefined : value)
    return {categories: JSON.parse(JSON.stringify(categories, bare))}
  }

  /** Moves a node up (-1) or down (+1) among its siblings. */
  function move(list, index, by) {
    const target = index + by
    if (target < 0 || target >= list.length) return
    const [node] = list.splice(index, 1)
    list.splice(target, 0, node)
  }

  /** A copy as a new entry of the same list. */
  function copyOf(node, list) {
    const copy = JSON.parse(JSON.stringify(toUpload([node]).categories[0]))
    const forgetIds = (each, name) => {
      each.id = null
      const inner = LISTS[name]
      if (inner) each[inner].forEach(child => forgetIds(child, inner))
    }
    forgetIds(copy, list)
    markAll([copy], list)
    return copy
  }

  function clearFaults(nodes, list = 'categories') {
    nodes.forEach(node => {
      node._faults = {}
      if (LISTS[list]) clearFaults(node[LISTS[list]], LISTS[list])
    })
  }

  // "categories[0].items[2].price" → categories, 0, items, 2, price
  const steps = path => String(path).match(/[A-Za-z_]+|\d+/g) || []

  function place(categories, fault) {
    const path = steps(fault.path)
    let found = {categories}
    while (path[0] in LISTS && path.length > 1) {
      const node = found[path[0]][Number(path[1])]
      if (!node) break
      found = node
      path.splice(0, 2)
    }
    if (!found._faults) return false
    found._faults[path[0] || 'name'] = fault.detail
    return true
  }

  /**
   * Writes each fault of a refused upload to its field; answers those whose place is
   * not on the screen.
   */
  function placeFaults(categories, faults) {
    clearFaults(categories)
    return faults.filter(fault => !place(categories, fault))
  }

  const hasFaults = node =>
    Object.keys(node._faults).length > 0 ||
    [
      ...(node.items || []),
      ...(node.modifier_groups || []),
      ...(node.modifiers || [])
    ].some(hasFaults)

  function* walk(nodes, list = 'categories') {
    for (const node of nodes) {
      yield node
      const inner = LISTS[list]
      if (inner) yield* walk(node[inner], inner)
    }
  }

  /** The node with this id, or undefined. */
  const findById = (categories, id) =>
    id ? [...walk(categories)].find(node => node.id === id) : undefined

  const shape = nodes => JSON.stringify([...walk(nodes)].map(node => node.id))
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other)
  const isOwnField = name =>
    !name.startsWith('_') && !(name in LISTS) && name !== 'stock'

  /**
   * Brings what others changed on single entries into the draft. False when they
   * added, removed or moved something, or touched the very field that we changed;
   * then the draft is as it was. Stock is left out: the server keeps its own count.
   */
  function rebase(base, theirs, draft) {
    if (shape(base) !== shape(theirs)) return false
    const news = []
    const olds = [...walk(base)]
    for (const [index, their] of [...walk(theirs)].entries()) {
      const old = olds[index]
      const ours = findById(draft, their.id)
      for (const name of Object.keys(their).filter(isOwnField)) {
        if (!ours || same(old[name], their[name])) continue
        if (!same(ours[name], old[name]) && !same(ours[name], their[name])) return false
        news.push([ours, name, their[name]])
      }
    }
    news.forEach(([node, name, value]) => (node[name] = value))
    return true
  }

  rs.tree = {
    newModifier,
    newGroup,
    newItem,
    newCategory,
    toDraft,
    toUpload,
    move,
    copyOf,
    clearFaults,
    placeFaults,
    hasFaults,
    findById,
    walk,
    rebase
  }
})(window.restaurantStaff)
