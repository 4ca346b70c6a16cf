window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    tabs: {stock: 'Stock'},
    stock: {
      pages: {stock: 'What is there', recipes: 'Recipes'},
      add: 'Count something',
      begin: 'Begin to count',
      export: 'Download CSV',
      import: 'Read CSV',
      check: 'Check the ledger',
      filter: 'Find',
      kind: 'Kind',
      kinds: {
        all: 'Everything',
        item: 'Menu item',
        modifier: 'Modifier',
        ingredient: 'Ingredient'
      },
      low_only: 'Low only',
      empty: 'Nothing is counted yet.',
      nothing: 'Nothing fits.',
      more: 'Show {n} more',
      show: 'Stock of {name}',
      level: {out: 'out', low: 'low'},
      used_by: 'recipes: {n}',
      not_counted: 'not counted',
      on_hand: '{n} on hand',
      reserved: '{n} reserved',
      low_at: 'low at {n}',
      figures: {available: 'Available', on_hand: 'On hand', reserved: 'Reserved'},
      about: 'Warning',
      about_ingredient: 'Name and warning',
      name: 'Name',
      unit: 'Unit',
      unit_hint: 'Whole numbers are counted: g rather than kg',
      pieces: 'pieces',
      entry_hint: 'What is counted already is not in this list.',
      there_now: 'There are now',
      low_mark: 'Warn when available is down to',
      low_never: 'no warning',
      move: 'What happened?',
      moves: {receive: 'Receive', waste: 'Waste', count: 'Count', adjust: 'Correct'},
      move_texts: {
        receive: 'It came: it is added.',
        waste: 'It is gone: it is taken off.',
        count: 'You counted it: this is what is there.',
        adjust: 'The figure was wrong: by so much, below zero with a minus.'
      },
      quantities: {
        receive: 'How much came',
        waste: 'How much went',
        count: 'How much is there',
        adjust: 'By how much, for example -3'
      },
      reason: 'Why',
      reason_optional: 'Why (if you like)',
      reasons_title: 'Usual reasons',
      reasons: {
        delivery: 'Delivery',
        bought: 'Bought',
        made: 'Made here',
        spoiled: 'Spoiled',
        dropped: 'Dropped',
        expired: 'Expired',
        staff_meal: 'Staff meal',
        stocktake: 'Stocktake',
        end_of_day: 'End of the day',
        miscounted: 'Miscounted',
        found: 'Found',
        missing: 'Missing'
      },
      forecast: 'Then on hand: {amount}',
      moved: 'It is in the ledger.',
      kinds_of_move: {
        reserve: 'Reserved for an order',
        commit: 'Sold',
        cancel: 'Given back by an order',
        refund: 'Back on the shelf',
        adjust: 'Corrected',
        receive: 'Received',
        waste: 'Wasted',
        count: 'Counted'
      },
      no_history: 'Nothing has moved yet.',
      earlier: 'Earlier ones',
      remove: 'Remove',
      remove_title: 'Remove {name}?',
      remove_text: 'What is left of it is written off. Its history stays.',
      end: 'Stop counting',
      end_title: 'Stop counting {name}?',
      end_text: 'Guests may order any number of it. Its history stays.',
      something: 'Something',
      low_notice: '{name} is low: {amount} available',
      out_notice: '{name} is out'
    },
    sheet: {
      title: 'Read a sheet of counts',
      about: 'Nothing changes when a single row has a fault.',
      text: 'Download the CSV, write what you counted into “on_hand”, and choose it here. Rows and columns that you do not need may be left out.',
      choose: 'Choose the file',
      no_file: 'No file yet',
      send: 'Read it in',
      row: 'Row {n}',
      faults: 'Not read. Faults: {n}',
      done: 'Rows: {rows}. Counted: {counted}, new: {added}.'
    },
    proof: {
      equal: 'The ledger is right.',
      counted:
        'Stocks: {stocks}, movements: {movements}. Every figure is what its movements add up to.',
      differs: 'The ledger does not add up.',
      todo: 'Show this to whoever runs the server, and count these.',
      again: 'Check again',
      problems: {
        figures: 'The figure is not the sum of its movements.',
        movement: 'Movement {seq} does not follow from the one before.',
        reservation: 'It is promised to an order that does not wait for it.'
      }
    },
    recipes: {
      intro:
        'What one portion takes. A dish is sold out as soon as its ingredients do not make a portion any more.',
      title: 'One portion takes',
      text: 'Orders that were placed keep the recipe of that time.',
      no_ingredients: 'First count an ingredient at “What is there”.',
      ingredient: 'Ingredient',
      quantity: 'How much',
      add: 'Ingredient',
      save: 'Save the recipe',
      saved: 'The recipe is saved.',
      none: 'no recipe',
      modifiers: 'Modifiers too',
      portions: 'enough for {n}',
      used_in: 'Used in',
      nowhere: 'No recipe uses it.'
    },
    offered: {
      types: 'Offered for',
      timed: 'Only at certain times',
      when: 'When and for whom: {name}'
    },
    choices: {
      switch: 'Modifiers of {name}',
      about: 'Switch modifiers off and on',
      off: '{n} off'
    },
    off: {
      next_opening: 'Sold out until we open again',
      at_time: 'Sold out until a time …',
      title: '{name} is sold out',
      time: 'Back at',
      yes: 'Switch off'
    },
    hours: {
      preview: 'The next seven days',
      now_open: 'Open now',
      now_closed: 'Closed now',
      until: 'until {time}',
      last_orders: 'last orders at {time}',
      opens: 'orders again: {time}',
      next_day: '(next day)',
      all_day: 'all day',
      reasons: {
        switched_off: 'switched off',
        paused: 'paused',
        special_day: 'special day',
        hours: 'outside the hours',
        last_orders: 'last orders are over'
      },
      always: 'No hours yet: orders are taken at any time while the switch is on.',
      open: 'Open',
      closed: 'Closed',
      add: '{day}: add hours',
      copy: '{day}: copy to other days',
      copy_week: 'Monday to Friday',
      copy_all: 'Every day',
      all_types: 'All orders',
      for_types: 'For which orders',
      to_next: 'To (next day)',
      none: 'No special days.',
      special: {closed: 'Closed', other: 'Other hours'},
      special_name: 'Name, for example “New Year”',
      special_add: 'Special day',
      that_day: 'On these days'
    },
    slots: {
      choose: '{type}: guests choose a time',
      no_limit: 'no limit',
      fields: {
        minutes: 'Every … minutes',
        lead_minutes: 'Minutes ahead, at least',
        days_ahead: 'Days ahead, at most',
        orders: 'Orders per time',
        items: 'Items per time',
        value: 'Value per time'
      },
      says: 'Every {minutes} min, from {lead} min ahead, up to {days} days',
      at_most: {orders: '{n} orders', items: '{n} items', value: '{n}'},
      any: 'any number of orders'
    },
    times: {
      by_load_text: 'The more orders wait in the kitchen, the longer it takes.',
      from_orders: 'From so many orders',
      minutes: 'Minutes',
      remove: 'Remove the step from {n} orders',
      add: 'Step'
    },
    settings: {
      pages: {general: 'General', hours: 'Hours', times: 'Times'},
      groups: {
        tabs: 'Tabs at the table',
        open_orders: 'Orders that nobody pays for',
        stock: 'Stock',
        order_types: 'What is taken',
        opening_hours: 'Opening hours',
        special_days: 'Special days',
        slots: 'Times to choose from',
        prep: 'How long it takes',
        busy: 'When it is busy'
      },
      intros: {
        open_orders: 'More than so many unpaid orders at a time are refused.',
        opening_hours:
          'When orders are taken. A break is the gap between two; what ends at or before it starts ends the next day.',
        special_days: 'On these days their hours hold instead of the week’s.',
        slots: 'Without times to choose from guests may name any open time.',
        prep: 'Guests see it before they pay.',
        busy: 'To be busy at once there is the button on top.'
      },
      fields: {
        accept_within_minutes: 'Minutes to accept a paid order',
        unaccepted: 'When nobody accepts it in time',
        tabs_at_table: 'Guests at a table may order now and pay at the end',
        tab_limit: 'The most a tab may come to (0: no limit)',
        open_orders_per_address_max: 'The same, per network address',
        open_orders_per_device_max: 'The same, per till',
        stock_policy: 'When counted stock is taken',
        reserve_guest_percent: 'The most one guest may reserve, in %',
        order_types: 'Orders that are taken',
        opening_hours: 'Opening hours',
        last_order_minutes: 'Last orders, minutes before closing',
        special_days: 'Special days',
        slots: 'Times to choose from',
        prep_minutes: 'Minutes that an order takes',
        prep_by_load: 'By the number of orders',
        busy_from_orders: 'Busy from so many orders in the kitchen',
        busy_extra_minutes: 'Minutes that it then takes longer'
      },
      hints: {
        prep_minutes: 'Empty: nothing is promised.',
        busy_from_orders: 'Empty: by hand only.',
        open_orders_per_address_max:
          'A dining room with one Wi-Fi has one address: leave it enough.',
        reserve_guest_percent:
          'Counts only while unpaid orders hold stock. One portion is always allowed.'
      },
      choices: {
        wait: 'It waits on, ever louder',
        cancel: 'It is canceled, and its money goes back',
        settle: 'When it is paid',
        reserve: 'When it is placed'
      },
      choice_hints: {
        wait: 'Somebody is always there.',
        cancel: 'The guest should know soon when nobody is.',
        settle: 'Whoever pays first gets it. Who pays too late is told so.',
        reserve:
          'An order that waits for its money holds what it takes, until it expires.'
      }
    }
  }
})
