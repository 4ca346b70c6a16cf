window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    tabs: {prices: 'Prices', tips: 'Tips'},
    prices: {
      pages: {
        taxes: 'Taxes & charges',
        discounts: 'Discounts',
        price_lists: 'Price lists',
        combos: 'Combos'
      },
      for_types: 'For which orders',
      is_active: 'Switched on',
      edit: 'Edit',
      gone: 'no longer on the menu'
    },
    settings: {
      groups: {
        taxes: 'Taxes',
        charges: 'Charges',
        minimum: 'Minimum order',
        by_staff: 'Discounts by staff',
        rates: 'Exchange rates',
        tips: 'Tips'
      },
      intros: {
        charges: 'What is added to a bill by itself. Guests see each of them.',
        minimum: 'What the items must come to. Empty: no minimum.',
        rates: 'Orders keep the rate that they were placed at.',
        tips: 'Tips are kept apart from sales everywhere.'
      },
      fields: {
        tax_rates: 'Tax by kind of order',
        tax_rounding: 'How tax is rounded',
        minimum_order: 'Minimum order',
        rate_markup_percent: 'Added to the market’s rate, in %',
        till_discount_percent: 'A till may take off by itself at most, in %',
        tip_round_to: 'Offer to round up to',
        tip_days: 'Days after the meal to tip',
        tip_to: 'Whose tips are'
      },
      hints: {
        tax_rates: 'Empty: the tax above.',
        rate_markup_percent: 'For example 1. Below zero: guests pay less.',
        till_discount_percent: 'More needs you. 100: everything.',
        tip_round_to: 'For example 5.00. Empty: not offered.',
        tip_days: 'By the link on the receipt. 0: not afterwards.'
      },
      choices: {
        exact: 'Only in the total',
        line: 'At each line',
        rate: 'Once for each rate',
        restaurant: 'The restaurant’s',
        server: 'Theirs who served',
        pool: 'The pool’s'
      },
      choice_hints: {
        exact: 'The usual choice: nothing is lost to rounding.',
        line: 'Choose it where the law wants every line’s tax in whole cents.',
        rate: 'Choose it where the law rounds the sum of each rate once, as in most of Europe.',
        restaurant: 'They stay in the restaurant’s wallet.',
        server:
          'Whoever serves the order gets its tip; without a name it is the pool’s.',
        pool: 'Everybody who was there shares them at the end of a shift, by weight.'
      }
    },
    charges: {
      none: 'Nothing is added.',
      kinds: {
        service: 'Service charge',
        gratuity: 'Gratuity for large parties',
        delivery: 'Delivery fee',
        other: 'Other'
      },
      kind: 'What for',
      name: 'Name on the bill',
      value: 'How much',
      tax_rate: 'Tax on it',
      tax_hint: 'Empty: as on the food',
      from_covers: 'From so many guests',
      free_from: 'Free from',
      add: 'Charge',
      remove: 'Remove {name}',
      adds: 'adds {sum}',
      from: 'from {n} guests',
      free: 'free from {sum}',
      taxed: 'taxed at {rate} %'
    },
    rates: {
      house: 'Rates of the house',
      house_text: 'While one holds, it takes the place of the market’s rate.',
      currency: 'Currency',
      one_is: 'One {currency} is',
      market: 'The market says {rate}.',
      starts: 'From (empty: now)',
      ends: 'Until (empty: for good)',
      zone: 'Times are those of {zone}.',
      add: 'Rate of the house',
      remove: 'Remove this rate'
    },
    schedule: {
      title: 'When',
      always: 'always',
      every_day: 'every day',
      since: 'since {day}',
      until: 'until {day}',
      days: 'Days of the week',
      from: 'From',
      to: 'To',
      add: 'Hours',
      remove: 'Remove these hours',
      first_day: 'First day',
      last_day: 'Last day'
    },
    discounts: {
      add: 'Discount',
      empty:
        'No discounts yet. Begin with a happy hour, or with a code for your regulars.',
      new: 'New discount',
      one: 'Discount',
      name: 'Name, for example “Happy hour”',
      trigger: 'What brings it about',
      trigger_names: {schedule: 'The clock', code: 'A code', staff: 'Staff'},
      trigger_hints: {
        schedule: 'Everybody gets it while it runs.',
        code: 'Guests type a code. You make the codes after saving.',
        staff: 'You or a till give it, with a reason.'
      },
      triggers: {schedule: 'by the clock', code: 'by code', staff: 'by staff'},
      kind: 'How much',
      kinds: {
        percent: 'Percent',
        amount: 'A sum',
        buy_get: 'Buy X get Y',
        free_item: 'Free item'
      },
      states: {
        running: 'runs now',
        scheduled: 'waits for its time',
        off: 'off',
        over: 'over',
        used_up: 'used up',
        no_codes: 'has no codes'
      },
      fields: {
        percent: 'Taken off',
        amount: 'Taken off',
        buy: 'Guests buy',
        get: 'and get',
        item_ids: 'Only these items',
        category_ids: 'Only these categories',
        minimum: 'Only from a bill of',
        limit_total: 'How often in all',
        limit_per_day: 'How often a day',
        limit_per_guest: 'How often per guest',
        limit_per_code: 'How often per code',
        combines: 'Together with other discounts'
      },
      all_items: 'Nothing chosen: the whole menu.',
      more: 'Limits and more',
      says_buy_get:
        'Of every {buy} and {get} the {get} cheapest cost {percent} % less.',
      says_free_item: 'Up to {get} of them cost {percent} % less.',
      free: 'free',
      buy_get: '{buy} + {get} {off}',
      used: 'used {n}×',
      used_of: 'used {n} of {of}×',
      per_day: '{n} a day',
      per_guest: '{n} per guest',
      codes: 'Codes ({n})'
    },
    discount: {
      delete_text: 'Its codes go with it. Orders that have it keep it.'
    },
    codes: {
      title: 'Codes of {name}',
      count: 'Codes: {n}',
      one: 'A code of your own, for example SUMMER',
      add: 'Add',
      many: 'How many to make up',
      make: 'Make them up',
      find: 'Find a code',
      copy: 'Copy',
      download: 'Download as CSV',
      rest: 'And {n} more: copy or download them all.'
    },
    price_lists: {
      add: 'Price list',
      empty:
        'No price lists: the menu’s prices hold everywhere. Add one for the terrace, for delivery or for lunch.',
      order: 'Where several hold, the uppermost counts.',
      new: 'New price list',
      one: 'Price list',
      name: 'Name, for example “Terrace”',
      zones: 'Only in these zones',
      zones_hint: 'Nothing chosen: everywhere.',
      zones_none: 'Zones are set at the tables.',
      percent: 'All prices, in %',
      round_to: 'Rounded to',
      single: 'single prices: {n}',
      single_text: 'Or single prices, in place of the percentage.',
      modifiers: 'Modifiers too',
      price_of: 'Price of {name}'
    },
    price_list: {delete_text: 'The menu’s prices hold again at once.'},
    combos: {
      add: 'Combo',
      empty: 'No combos yet. A combo is several things for one price.',
      new: 'New combo',
      one: 'Combo',
      name: 'Name, for example “Lunch menu”',
      groups: 'What is in it',
      group: 'Course, for example “Drink”',
      options: 'Choose from',
      surcharge: 'Extra',
      add_group: 'Course'
    },
    combo: {delete_text: 'Guests no longer see it. Orders keep it.'},
    menu: {
      tax_rates: 'Tax by kind of order',
      tax_rates_hint: 'Empty: the tax of this item.'
    },
    tables: {
      one: 'Table',
      zone: 'Zone (if any)',
      zone_hint: 'For example “Terrace”. Price lists may be for one zone.'
    },
    bill: {
      part_of: 'part of {name}',
      sales: 'Sales',
      tip: 'Tip (not sales)',
      rounding: 'Rounding',
      taxes: 'Tax',
      rate: 'Rate',
      net: 'Net',
      tax: 'Tax',
      gross: 'Gross',
      exempt: 'No tax: {reason}',
      price_list: 'Prices of “{name}”',
      sources: {market: 'market', house: 'rate of the house'},
      rate_at: 'of {time}, {seconds} s old when ordered',
      triggers: {
        combo: 'combo',
        schedule: 'by the clock',
        code: 'by code',
        staff: 'by staff',
        tax_exempt: 'no tax'
      }
    },
    served: {title: 'Served by', nobody: 'Nobody named', gone: 'Somebody who left'},
    later: {
      title: 'Tips after the meal',
      none: 'None yet.',
      until: 'The guest may tip until {time}.'
    },
    edit: {
      begin: 'Change',
      title: 'Change order {number}',
      add: 'Add items',
      remove: 'Remove {name}',
      put_back: 'Put {name} back',
      removed: 'is removed',
      choose: 'Choose: {name}',
      take: 'Add – {amount}',
      table: 'Table',
      covers: 'Guests',
      note: 'Note',
      exempt: 'Without tax',
      exempt_reason: 'Why there is no tax',
      save: 'Save the changes',
      now: 'Now {amount}',
      will_be: 'New total {amount}',
      about: 'New total about {amount}',
      told_later: 'The new total is shown when you save.',
      new_total: 'The new total',
      owed: '{amount} to give back',
      told: 'The guest’s page shows the change. Payments follow it.',
      overtaken:
        'Somebody else changed this order just now. This is how it stands; please make your change again.',
      refund_reason: 'Order changed',
      discounts: {
        add: 'Discount',
        percent: 'Percent',
        amount: 'A sum',
        stored: 'Prepared',
        value: 'Taken off',
        on: 'From what',
        all: 'The whole bill',
        give: 'Give it',
        remove: 'Take back {name}',
        reasons: {
          late: 'Late',
          complaint: 'Complaint',
          regular: 'Regular guest',
          mistake: 'Our mistake'
        }
      }
    },
    edited: {
      at: 'Changed at {time}',
      added: '{n}× {name} added',
      removed: '{n}× {name} removed',
      quantity: 'Quantity',
      discount: 'Discount',
      tip: 'Tip',
      total: 'Total',
      tax_exempt: 'Tax',
      table: 'Table',
      covers: 'Guests',
      note: 'Note'
    },
    tips: {
      pay_out: 'Pay out',
      add: 'Person',
      settings: 'Rules',
      staff: 'People',
      no_staff: 'Nobody yet. Add those whose tips you pay out.',
      to: {restaurant: 'Restaurant', pool: 'Pool', server: 'Who served'},
      to_hints: {
        restaurant: 'Stays in the wallet',
        pool: 'Is shared at the end of a shift'
      },
      new: 'New person',
      one: 'Person',
      name: 'Name',
      where: 'Where tips go',
      ways: {address: 'Lightning', wallet: 'Wallet here', cash: 'Cash'},
      wallet: 'Wallet of this LNbits',
      wallet_hint: 'Choose one of yours, or paste the id of theirs.',
      cash_hint: 'You hand tips over from the drawer.',
      weight: 'Share of the pool',
      weight_hint: 'Twice the number, twice the share. 0: none.',
      is_active: 'Works here',
      inactive: 'does not work here now',
      own_wallet: 'Wallet here',
      only_cash: 'in cash',
      weight_of: 'share {n}',
      under_way: '{amount} under way',
      remove_text: 'What they earned must be paid out before.'
    },
    payouts: {
      title: 'Paid out',
      empty: 'Nothing was paid out yet.',
      to: {
        lightning_address: 'by Lightning',
        lnurl: 'by Lightning',
        wallet: 'to a wallet here',
        cash: 'in cash'
      },
      fee: 'fee {fee}',
      status: {
        waiting: 'waits',
        sending: 'on its way',
        sent: 'sent',
        failed: 'failed',
        canceled: 'canceled'
      },
      next_try: 'Next try: {time}.',
      retry: 'Send again',
      cancel: 'Cancel payout',
      cancel_title: 'Cancel {amount} to {name}?',
      cancel_text: 'It has not left. The tips are open again.',
      problems: {
        insufficient_balance: 'The wallet has too little.',
        fee_limit: 'Routing would cost more than your limit.',
        node_away: 'The Lightning node does not answer.',
        destination: 'The address does not take it. Change it, then send again.',
        destination_waiting:
          'The address does not take it. Cancel, change the address, and pay out again.',
        invoice_expired: 'Their invoice expired.',
        invoice_paid: 'Their invoice was paid already.',
        payment_failed: 'No way to their wallet was found; nothing left yours.'
      }
    },
    shift: {
      title: 'End of the shift',
      pool: 'In the pool: {amount}',
      text: 'Who was here? They share the pool by the numbers.',
      made: 'You may close this; it goes on by itself.',
      weight: 'Share',
      own: 'own {amount}',
      of_pool: 'pool {amount}',
      cash: 'In cash',
      send: 'Pay out {amount}'
    }
  }
})
