// What can be set, how it stands in its field, and what is sent for it.
;(rs => {
  const text = (name, isWide = false) => ({name, type: 'text', isWide})
  const lines = name => ({name, type: 'lines', isWide: true})
  const field = (name, type) => ({name, type})
  const wide = (name, type) => ({name, type, isWide: true})
  /** A number with a point or a comma. */
  const number = name => ({name, type: 'text', isNumber: true})
  const choices = (name, ...values) => ({...wide(name, 'radio'), choices: values})
  /** Empty in its field means null: not set, or the usual one. */
  const optional = (name, isWide) => ({name, type: 'text', isWide, isOptional: true})

  const GENERAL = [
    {
      name: 'profile',
      fields: [
        text('name'),
        text('slug'),
        lines('description'),
        optional('image_url', true),
        text('legal_name'),
        text('tax_id'),
        lines('address'),
        lines('receipt_footer')
      ]
    },
    {
      name: 'payments',
      fields: [
        field('currency', 'known'),
        {...optional('cash_rounding'), isNumber: true},
        wide('accepted_payments', 'methods'),
        optional('receipt_station'),
        {name: 'receipt_on', type: 'choice', choices: ['never', 'paid', 'completed']},
        wide('print_relays', 'list'),
        field('cash_at_table', 'switch')
      ]
    },
    {
      name: 'refunds',
      fields: [
        field('auto_refund', 'switch'),
        number('refund_approval_limit'),
        number('refund_fee_percent'),
        field('withdraw_days', 'whole')
      ]
    },
    {
      name: 'orders',
      fields: [
        field('auto_accept_orders', 'switch'),
        {name: 'print_on', type: 'choice', choices: ['paid', 'accepted']},
        field('order_expiry_seconds', 'whole'),
        field('quote_seconds', 'whole'),
        field('accept_within_minutes', 'whole'),
        choices('unaccepted', 'wait', 'cancel')
      ]
    },
    {
      name: 'tabs',
      fields: [field('tabs_at_table', 'switch'), number('tab_limit')]
    },
    {
      name: 'open_orders',
      fields: [
        field('open_orders_max', 'whole'),
        field('open_orders_per_table_max', 'whole'),
        field('open_orders_per_address_max', 'whole'),
        field('open_orders_per_device_max', 'whole')
      ]
    },
    {
      name: 'stock',
      fields: [
        choices('stock_policy', 'settle', 'reserve'),
        field('reserve_guest_percent', 'whole'),
        field('show_left', 'switch')
      ]
    },
    {name: 'time', fields: [field('timezone', 'known'), text('day_starts_at')]}
  ]
  const HOURS = [
    {name: 'order_types', fields: [wide('order_types', 'types')]},
    {
      name: 'opening_hours',
      fields: [wide('opening_hours', 'hours'), field('last_order_minutes', 'whole')]
    },
    {name: 'special_days', fields: [wide('special_days', 'special_days')]}
  ]
  const TIMES = [
    {name: 'slots', fields: [wide('slots', 'slots')]},
    {
      name: 'prep',
      fields: [
        {...field('prep_minutes', 'whole'), isOptional: true},
        wide('prep_by_load', 'load_steps')
      ]
    },
    {
      name: 'busy',
      fields: [
        {...field('busy_from_orders', 'whole'), isOptional: true},
        field('busy_extra_minutes', 'whole')
      ]
    }
  ]
  const PRICES = [
    {
      name: 'taxes',
      fields: [
        field('tax_inclusive', 'switch'),
        number('tax_rate'),
        {...wide('tax_rates', 'by_type'), unit: '%'},
        {...wide('tax_rounding', 'radio'), choices: ['exact', 'line', 'rate']}
      ]
    },
    {name: 'charges', fields: [wide('charges', 'charges')]},
    {
      name: 'minimum',
      fields: [{...wide('minimum_order', 'by_type'), unit: 'currency'}]
    },
    {name: 'by_staff', fields: [number('till_discount_percent')]},
    {
      name: 'rates',
      fields: [number('rate_markup_percent'), wide('house_rates', 'house_rates')]
    },
    {
      name: 'tips',
      fields: [
        field('tip_options', 'list'),
        {...optional('tip_round_to'), isNumber: true},
        field('tip_days', 'whole'),
        {...wide('tip_to', 'radio'), choices: ['restaurant', 'server', 'pool']}
      ]
    }
  ]

  const plain = value =>
    String(value ?? '')
      .trim()
      .replace(',', '.')
      .replace('−', '-')
  const orNull = value => plain(value) || null
  /** A whole number where it is one; what else was typed is for the server to judge. */
  const whole = value => (/^\d+$/.test(plain(value)) ? Number(value) : value || null)
  const filled = map =>
    Object.fromEntries(Object.entries(map).filter(([, value]) => value !== ''))

  const chargeRow = charge => ({
    kind: charge.kind,
    name: charge.name,
    unit: charge.amount === null ? 'percent' : 'amount',
    value: charge.percent ?? charge.amount ?? '',
    order_types: charge.order_types,
    from_covers: String(charge.from_covers ?? ''),
    free_from: charge.free_from ?? '',
    tax_rate: charge.tax_rate ?? ''
  })
  const charge = row => ({
    kind: row.kind,
    name: row.name.trim(),
    [row.unit]: plain(row.value),
    order_types: row.order_types,
    from_covers: whole(row.from_covers),
    free_from: orNull(row.free_from),
    tax_rate: orNull(row.tax_rate)
  })

  const CAPACITY = ['orders', 'items', 'value']
  const SLOT = {minutes: '15', lead_minutes: '20', days_ahead: '7'}
  const NO_SLOT = {...SLOT, orders: '', items: '', value: ''}

  /** One row for each order type, those without times to choose from too. */
  const slotRows = slots =>
    rs.words.ORDER_TYPES.map(type => {
      const stored = slots.find(each => each.order_type === type)
      const texts = Object.keys(NO_SLOT).map(name => [
        name,
        String(stored?.[name] ?? (stored ? '' : NO_SLOT[name]))
      ])
      return {
        order_type: type,
        isOn: Boolean(stored),
        ...Object.fromEntries(texts)
      }
    })
  const slot = ({isOn, ...row}) => ({
    ...Object.fromEntries(Object.keys(SLOT).map(name => [name, whole(row[name])])),
    ...Object.fromEntries(CAPACITY.map(name => [name, whole(row[name])])),
    value: orNull(row.value),
    order_type: row.order_type
  })

  const specialRow = ({windows, ...day}) => ({
    ...day,
    isClosed: !windows.length,
    windows: windows.map(rs.hours.rowOf)
  })
  const specialDay = ({isClosed, windows, ...day}) => ({
    ...day,
    name: day.name.trim(),
    last_day: day.last_day || day.first_day,
    windows: isClosed ? [] : windows
  })

  const ROWS = {
    hours: rs.hours.weekOf,
    special_days: value => value.map(specialRow),
    slots: slotRows,
    load_steps: value =>
      value.map(({from_orders: from, minutes}) => ({
        from_orders: String(from),
        minutes: String(minutes)
      })),
    types: value => [...value],
    by_type: value => ({...value}),
    charges: value => value.map(chargeRow),
    house_rates: (value, zone) =>
      value.map(({currency, rate, starts_at: from, ends_at: until}) => ({
        currency,
        rate,
        starts: from ? rs.format.toZone(from, zone) : '',
        ends: until ? rs.format.toZone(until, zone) : ''
      }))
  }
  const BODIES = {
    hours: rs.hours.windowsOf,
    special_days: value => value.map(specialDay),
    slots: value => value.filter(each => each.isOn).map(slot),
    load_steps: value =>
      value.map(({from_orders: from, minutes}) => ({
        from_orders: whole(from),
        minutes: whole(minutes)
      })),
    types: value => value,
    by_type: value =>
      filled(
        Object.fromEntries(
          Object.entries(value).map(([type, each]) => [type, plain(each)])
        )
      ),
    charges: value => value.map(charge),
    house_rates: (value, zone) =>
      value.map(({currency, rate, starts, ends}) => ({
        currency,
        rate: plain(rate),
        starts_at: starts ? rs.format.fromZone(starts, zone) : null,
        ends_at: ends ? rs.format.fromZone(ends, zone) : null
      }))
  }

  /** A setting of a restaurant as it stands in its field. */
  function shown({name, type}, restaurant) {
    const value = restaurant[name]
    if (type in ROWS) return ROWS[type](value, restaurant.timezone)
    if (type === 'list') return value.join(', ')
    return type === 'whole' ? String(value ?? '') : (value ?? '')
  }

  /** What is sent for what stands in the field. */
  function sent({type, isOptional, isNumber}, value, zone) {
    if (type in BODIES) return BODIES[type](value, zone)
    if (type === 'whole') return isOptional ? whole(value) : (whole(value) ?? '')
    if (type === 'list') return value.split(/[,;\s]+/).filter(Boolean)
    const typed = isNumber ? plain(value) : value
    return isOptional ? typed.trim() || null : typed
  }

  rs.settings = {GENERAL, HOURS, TIMES, PRICES, shown, sent, plain, orNull, whole}
})(window.restaurantStaff)
