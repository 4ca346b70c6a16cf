window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    page_failed: 'This page could not be loaded',
    try_again: 'Try again',
    back: 'Back',
    close: 'Close',
    copied: 'Copied',
    copy_failed: 'Please mark the text and copy it by hand.',
    copy_link: 'Copy the link',
    order_number: 'Order {number}',
    table_name: 'Table {name}',
    type_dine_in: 'Eat in',
    type_pickup: 'Pickup',
    type_delivery: 'Delivery',
    errors: {
      offline: 'The server does not answer. Please check the connection.',
      status: 'The server said no (error {status}). Please try again.'
    },
    unsaved: {
      title: 'Unsaved changes',
      text: 'Your changes are not saved yet. If you leave, they are lost.',
      leave: 'Leave without saving',
      stay: 'Stay here'
    },
    create: {
      title: 'Open a restaurant',
      intro:
        'Take orders from any phone, get paid over Lightning, print in the kitchen.',
      step_create: 'Name it here and choose the wallet that gets the money',
      step_menu: 'Write the menu',
      step_devices: 'Connect a printer or a screen',
      step_share: 'Show your guests the link or its QR code',
      wallet: 'Wallet that receives the payments',
      wallet_hint: 'It cannot be changed later.',
      name: 'Name of the restaurant',
      currency: 'Currency of the prices',
      currency_hint: 'Guests pay in satoshi at the present rate.',
      submit: 'Open the restaurant'
    },
    desk: {
      pages: 'Pages',
      open: 'Open',
      closed: 'Closed',
      close_title: 'Close for orders?',
      close_text:
        'Guests can still read the menu, but cannot order until you open again.',
      close_yes: 'Close',
      sound_on: 'Sound is on',
      sound_enable: 'Enable sound',
      share: 'Guest link',
      add_restaurant: 'Open another restaurant',
      logged_out: 'You are logged out. Nothing here is live any more.',
      log_in: 'Log in',
      not_live: 'Not live since {time}. Orders may be missing on this screen.',
      failed_jobs: 'Tickets that did not print: {n}',
      show_jobs: 'Show them'
    },
    tabs: {
      orders: 'Orders',
      lookup: 'Look up',
      menu: 'Menu',
      printing: 'Printing',
      devices: 'Devices',
      tables: 'Tables',
      settings: 'Settings'
    },
    start: {
      title: 'What is left to do',
      menu: 'Write the menu',
      devices: 'Connect a printer',
      share: 'Share the guest link',
      hide: 'Hide this'
    },
    lamps: {
      title: 'Does everything run?',
      unknown: 'State unknown',
      unknown_text: 'The server does not tell at the moment.',
      all_well: 'All is running',
      runs: 'runs',
      stands_still: 'stands still',
      several: 'Standing still: {names}',
      last_seen: 'Last sign of life: {time}',
      waits_since: 'The oldest ticket waits since {time}',
      name: {
        listener: 'Payment messages',
        reconciler: 'Payment check',
        refunds: 'Refunds',
        kitchen: 'Kitchen alarm',
        funding_source: 'Lightning node',
        rates: 'Exchange rates',
        print_queue: 'Print queue'
      },
      means: {
        listener: 'Tells at once when a guest has paid.',
        reconciler: 'Looks every few seconds whether a payment was missed.',
        refunds: 'Sends money back, each refund once.',
        kitchen: 'Calls out orders that nobody accepts.',
        funding_source: 'Makes the invoices and receives the money.',
        rates: 'Turns the prices of your menu into satoshi.',
        printer: 'Fetches tickets and prints them.',
        print_queue: 'The tickets that wait for a printer.',
        other: ''
      },
      todo: {
        listener: 'Payments still arrive, only later. Tell whoever runs the server.',
        reconciler: 'Do not hand out unpaid orders. Tell whoever runs the server.',
        refunds: 'Refunds wait. Tell whoever runs the server; nothing is lost.',
        kitchen: 'Watch for new orders yourself. Tell whoever runs the server.',
        funding_source: 'Take cash until it is back. Tell whoever runs the server.',
        rates: 'Orders at fiat prices are refused until a rate is known again.',
        printer:
          'Check its power, paper and network. Read the tickets off this screen.',
        print_queue: 'Open “Printing” and read the tickets off the screen.',
        other: ''
      }
    },
    orders: {
      columns: 'Columns of the board',
      new: 'New',
      kitchen: 'In kitchen',
      ready: 'Ready',
      unpaid: 'Unpaid',
      done: 'Done',
      flagged: 'need you: {n}',
      empty_new: 'No new orders.',
      empty_kitchen: 'Nothing is cooking.',
      empty_ready: 'Nothing waits to be handed out.',
      empty_unpaid: 'Nobody is about to pay.',
      empty_done: 'Nothing is done yet.'
    },
    order: {
      show: 'Show order {number}',
      loading: 'Order',
      pickup_at: 'Wanted for {time}',
      allergens: 'Contains',
      due: '{amount} due',
      history: 'History',
      money: 'Money',
      tickets: 'Tickets',
      no_tickets: 'No ticket was made yet.',
      id: 'Payment hash or id'
    },
    status: {
      pending: 'Unpaid',
      paid: 'Paid',
      accepted: 'In kitchen',
      ready: 'Ready',
      completed: 'Completed',
      canceled: 'Canceled',
      refunded: 'Refunded'
    },
    step: {
      accepted: 'Accept',
      ready: 'Ready',
      completed: 'Complete',
      canceled: 'Cancel',
      refunded: 'Mark refunded',
      cash: 'Take cash'
    },
    cancel_reason: {
      expired: 'not paid in time',
      guest: 'by the guest',
      staff: 'by staff'
    },
    flags: {
      paid_late: 'Paid too late',
      overpaid: 'Paid too much',
      underpaid: 'Paid too little',
      oversold: 'Sold out meanwhile',
      unavailable: 'Not available',
      refund_due: 'Money to give back',
      stuck_internal: 'Payment is stuck',
      disputed: 'Disputed'
    },
    flag_todo: {
      paid_late:
        'The money came after the order had ended. Ask the guest, then make it or give it back.',
      overpaid: 'More came than was due. Tap “Refund the difference”.',
      underpaid: 'A part is paid. Take the rest.',
      underpaid_pending:
        'A part is paid. Take the rest; it is cooked when all is paid.',
      oversold:
        'Something on it is sold out. Leave it out, give something else, or make it anyway. “Refund” gives all of it back.',
      unavailable:
        'Something on it was switched off meanwhile. Leave it out, give something else, or make it anyway.',
      refund_due: '{amount}. Tap “Refund” to give it back.',
      surplus_due: '{amount}. The order itself goes on as usual.',
      stuck_internal:
        'The guest has paid, but LNbits did not book it. Do not ask for money again; show whoever runs the server this order.',
      disputed:
        'The card’s holder wants the money back. Answer the card provider, then open the order and note how it ended.'
    },
    cancel: {
      title: 'Cancel order {number}?',
      paid: 'It was paid: you owe the guest this money.',
      unpaid: 'Nothing was paid for it.',
      yes: 'Cancel order {number}'
    },
    refund: {
      title: 'Mark order {number} as refunded?',
      text: 'This sends no money: it only records that you gave it back.',
      reason: 'How was it given back, and why?',
      yes: 'Mark refunded'
    },
    cash: {
      due: 'is due',
      tendered: 'The guest hands over',
      change: 'Change',
      too_little: 'That is less than what is due.',
      not_a_number: 'Please type an amount such as 20.00.',
      take: 'Take the cash',
      give_back: 'Give back',
      done: 'Done'
    },
    lookup: {
      label: 'Order number, payment hash or invoice',
      hint: 'Paste what the guest’s wallet shows.',
      search: 'Find',
      nothing: 'There is no such order here.',
      several: 'Several orders have this number, the newest is on top.',
      not_understood:
        'That is neither an order number nor a payment hash nor an invoice.',
      bad_invoice: 'This invoice cannot be read. Was it copied as a whole?'
    },
    sums: {
      subtotal_msat: 'Items',
      discount_msat: 'Discount',
      service_msat: 'Service',
      tax_msat: 'Tax',
      tip_msat: 'Tip',
      total_msat: 'Total',
      paid_msat: 'Paid',
      due_msat: 'Due'
    },
    actors: {
      owner: 'owner',
      reader: 'reader',
      guest: 'guest',
      system: 'by itself',
      manager: 'manager',
      pos: 'till',
      kds: 'kitchen screen',
      printer: 'printer'
    },
    menu: {
      add_category: 'Category',
      add_item: 'Item',
      filter: 'Find an item',
      export: 'Export',
      import: 'Import',
      imported: 'Imported. Look it over, then save.',
      import_failed: '{name} is not a menu.',
      empty: 'The menu is empty. Begin with a category, for example “Drinks”.',
      category: 'Category',
      station: 'Prints at',
      up: 'Move {name} up',
      down: 'Move {name} down',
      up_short: 'Up',
      down_short: 'Down',
      copy: 'Duplicate',
      copy_of: '{name} (copy)',
      delete: 'Delete {name}',
      delete_yes: 'Delete',
      delete_item_text: 'It is gone from the menu when you save.',
      delete_category_text: 'Items that go with it when you save: {n}.',
      unnamed: 'New item',
      hidden: 'hidden',
      hide: 'Hide from guests',
      fault: 'There is a mistake in here',
      left: '{n} left',
      none_left: '0 left: sold out',
      name: 'Name',
      price: 'Price ({currency})',
      stock: 'Stock',
      stock_hint: 'Empty: not counted',
      description: 'Description',
      allergens: 'Allergens',
      allergens_hint: 'Choose, or type others and press Enter',
      photo: 'Address of a photo (https://…)',
      tax_rate: 'Tax in %',
      tax_hint: 'Empty: {rate} %, as in the settings',
      available: 'Available',
      sold_out: 'Sold out',
      sold_out_until: 'Sold out until {time}',
      off_until: 'Sold out until {time}',
      off_for_good: 'Sold out until I switch it on',
      save: 'Save the menu',
      saved: 'The menu is saved.',
      discard: 'Discard',
      discard_title: 'Discard your changes?',
      discard_text: 'The menu becomes again what guests see now.',
      has_faults: 'Not saved. Mistakes: {n}'
    },
    groups: {
      title: 'Modifier groups',
      none: 'Guests have nothing to choose here.',
      name: 'Name of the group, for example “Size”',
      min: 'At least',
      max: 'At most',
      no_limit: 'no limit',
      modifier: 'Modifier',
      delta: 'Extra ({currency})',
      add: 'Modifier group',
      add_modifier: 'Modifier',
      copy: 'Copy from another item',
      delete_text: 'Modifiers that go with it when you save: {n}.',
      rule_any: 'Guests may take any number.',
      rule_up_to: 'Guests may take up to {max}.',
      rule_at_least: 'Guests must take {min} or more.',
      rule_exactly: 'Guests must take {min}.',
      rule_between: 'Guests must take {min} to {max}.'
    },
    conflict: {
      title: 'Somebody else changed the menu',
      text: 'It was saved by somebody else while you were editing. Nothing of yours is stored yet.',
      reload: 'Load theirs, drop mine',
      export: 'Download mine as a file',
      overwrite: 'Save mine over theirs',
      wait: 'Back to editing'
    },
    allergens: {
      gluten: 'Gluten',
      crustaceans: 'Crustaceans',
      eggs: 'Eggs',
      fish: 'Fish',
      peanuts: 'Peanuts',
      soy: 'Soy',
      milk: 'Milk',
      nuts: 'Nuts',
      celery: 'Celery',
      mustard: 'Mustard',
      sesame: 'Sesame',
      sulphites: 'Sulphites',
      lupin: 'Lupin',
      molluscs: 'Molluscs'
    },
    settings: {
      save: 'Save',
      saved: 'Saved.',
      close_down: 'Close down for good',
      close_down_text:
        'The restaurant disappears and its devices are cut off. Its orders stay in the books.',
      close_down_ask: 'Type “{name}” to close it down for good.',
      groups: {
        profile: 'Profile',
        money: 'Money',
        orders: 'Orders',
        time: 'Time'
      },
      fields: {
        name: 'Name',
        slug: 'Address of the guest page (/restaurant/m/…)',
        description: 'Description for guests',
        image_url: 'Address of a picture (https://…)',
        legal_name: 'Legal name',
        tax_id: 'Tax id',
        address: 'Postal address',
        receipt_footer: 'Last lines of a receipt',
        currency: 'Currency',
        tax_rate: 'Tax in %',
        tip_options: 'Tips offered, in %',
        tax_inclusive: 'Prices include the tax',
        cash_at_table: 'Guests at a table may order for cash',
        auto_accept_orders: 'Accept paid orders at once',
        print_on: 'Print tickets',
        order_expiry_seconds: 'Seconds to pay an order',
        quote_seconds: 'Seconds that a quoted price holds',
        open_orders_max: 'Unpaid orders at a time',
        open_orders_per_table_max: 'Unpaid orders at a time, per table',
        show_left: 'Show guests when only few are left',
        timezone: 'Time zone',
        day_starts_at: 'The business day begins at'
      },
      hints: {
        slug: 'Printed QR codes end when you change it.',
        tip_options: 'For example 5, 10, 15',
        day_starts_at: 'For example 04:00. Order numbers begin at 1 again.'
      },
      choices: {
        paid: 'when an order is paid',
        accepted: 'when an order is accepted'
      }
    },
    roles: {
      printer: 'Printer',
      kds: 'Kitchen screen',
      pos: 'Till',
      manager: 'Manager'
    },
    role_hints: {
      printer: 'May fetch and confirm its own tickets, nothing else.',
      kds: 'May see orders and move them on, and switch items off.',
      pos: 'May place orders, take cash and move orders on.',
      manager: 'May do almost everything that you can. Only you can add one.'
    },
    devices: {
      add: 'Device',
      empty: 'No device yet. Connect a printer, a kitchen screen or a till.',
      name: 'Name, for example “Kitchen printer”',
      role: 'What it is',
      stations: 'Stations',
      stations_hint: 'Empty: all of them',
      pair: 'Create the token',
      paired: '{name} is ready to connect',
      once: 'This token is shown only now. Whoever has it acts as this device.',
      copy_token: 'Copy the token',
      toml_title: 'For printer-pi',
      toml_text: 'Put this into /etc/printer-pi.toml and set your printer’s address.',
      copy_toml: 'Copy the configuration',
      noted: 'I have it',
      never_seen: 'Has never been here',
      seen: 'Last seen {time}',
      revoke: 'Revoke',
      revoke_title: 'Revoke {name}?',
      revoke_text: 'Its token stops working at once. It cannot be brought back.'
    },
    tables: {
      name: 'Name of the table',
      add: 'Table',
      empty: 'No tables yet. A table’s QR code opens the menu for that table.',
      show_qr: 'QR code',
      renew: 'New code',
      renew_title: 'New code for {name}?',
      renew_text: 'The code that lies on the table stops working at once.',
      remove: 'Remove',
      remove_title: 'Remove {name}?',
      remove_text: 'Its code stops working at once. Past orders keep its name.'
    },
    share: {
      title: 'Link for your guests',
      text: 'Guests scan this code to see the menu and order.',
      table_text: 'Whoever scans this code orders for this table.',
      open: 'Open'
    }
  }
})
