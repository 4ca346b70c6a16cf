window.i18n.global.mergeLocaleMessage('en', {
  restaurant: {
    tabs: {gift_cards: 'Gift cards'},
    methods: {
      cash: 'Cash',
      lightning: 'Lightning',
      card: 'Card',
      gift_card: 'Gift card'
    },
    standing: {
      unpaid: 'nothing paid',
      part_paid: 'part paid',
      paid: 'all paid',
      overpaid: 'overpaid',
      late: 'paid late'
    },
    step: {
      pay: 'Take payment',
      make_anyway: 'Make it anyway',
      resurrect: 'Make it after all',
      refund: 'Refund',
      refund_surplus: 'Refund the difference'
    },
    sums: {refunded_msat: 'Refunded', owed_msat: 'To give back'},
    counter: {title: 'Pays cash at the counter'},
    pay: {
      title: 'Payment for order {number}',
      how_much: 'How much',
      scopes: {all: 'All of it', part: 'A part', split: 'Split'},
      share_due: 'is due of this share',
      amount: 'Amount in {currency}',
      at_most: 'At most {amount} is due.',
      method: 'Method',
      no_method: 'Your settings allow no way of paying for this kind of order.',
      gift_hint: 'Type or scan it. What is not on the card stays due.',
      gift_take: 'Take it from the card',
      taken_by: 'paid: {method}',
      all_paid: 'Nothing is due any more.',
      still_due: '{amount} is still due.',
      next: 'Take the rest'
    },
    cash: {in_coins: '{exact} → {coins} in coins'},
    online: {
      qr: 'QR code for the guest’s wallet',
      start_lightning: 'Show the QR code',
      start_card: 'Pay by {provider}',
      waits_lightning: 'Waiting for the guest’s wallet …',
      waits_card: 'The guest scans this and pays by card on the phone …',
      copy: 'Copy',
      open_here: 'Open here',
      over: 'This code is not good any more. Please make a new one.',
      away: '{provider} does not answer. It is tried again: {time}.'
    },
    split: {
      how: 'How to split',
      by: {parts: 'Equal', amounts: 'Amounts', lines: 'Items', guests: 'By guest'},
      into: 'Split into {number}',
      more: 'More',
      amounts: 'Amounts in {currency}',
      amounts_hint: 'Type one, press Enter. The rest becomes a share of its own.',
      label: 'Who (if you like)',
      add_person: 'Next person',
      drop: 'Remove {name}',
      rest_hint: 'What nobody takes becomes a share of its own.',
      guests_text: 'Each guest pays what was ordered for them.',
      do: 'Split the bill',
      share: 'Share {number} of {of}',
      rest: 'The rest',
      status: {part_paid: 'part paid', paid: 'paid'},
      take: 'Take',
      take_of: 'Take {name}',
      other: 'Other share',
      undo: 'Undo the split'
    },
    picker: {less: 'Less: {name}', more: 'More: {name}'},
    payments: {
      title: 'Payments',
      tendered: 'given {amount}',
      change: 'change {amount}',
      rounding: 'rounded {amount}',
      status: {
        created: 'waits',
        authorized: 'authorized',
        captured: 'received',
        settled: 'received',
        voided: 'void',
        failed: 'failed',
        disputed: 'disputed'
      }
    },
    disputes: {
      opened: 'The payer disputes it',
      opened_text:
        'Note that the provider told you so. The money counts until it is decided.',
      won: 'Dispute won',
      won_text: 'You keep the money. The order is as if nothing had been.',
      lost: 'Dispute lost',
      lost_text: 'The money is gone and due again. This cannot be taken back.',
      closed: 'Seen, close it',
      closed_text: 'The red flag comes down; the money stays lost.'
    },
    give: {
      title: 'Refund for order {number}',
      begin: 'Refund …',
      list: 'Refunds',
      how_much: 'How much',
      what: {
        all: 'All of it',
        owed: 'The difference',
        amount: 'A sum',
        lines: 'Items'
      },
      restock: 'Back on the shelf: count them as sellable again',
      why: 'Why',
      reason: 'Reason',
      reasons: {
        sold_out: 'Sold out',
        mistake: 'Our mistake',
        complaint: 'Complaint',
        twice: 'Paid twice',
        canceled: 'Canceled'
      },
      where: 'Where to',
      to: {
        address: 'Guest’s address',
        withdraw: 'QR code',
        lightning_address: 'Lightning address',
        bolt11: 'Invoice',
        gift_card: 'Gift card',
        cash: 'Cash'
      },
      to_hints: {
        withdraw: 'The guest scans it with a Lightning wallet, now or later.',
        lightning_address: "Something like ana{'@'}wallet.com, or an LNURL.",
        bolt11: 'An invoice over exactly this amount, from the guest’s wallet.',
        gift_card: 'Without a code a new gift card is made.',
        gift_card_paid: 'Without a code it goes back on the card that paid.',
        cash: 'You give it from the drawer.'
      },
      values: {
        lightning_address: 'Address or LNURL',
        bolt11: 'Invoice (lnbc…)',
        gift_card: 'Code (if you like)'
      },
      value: 'What it is worth',
      rates: {paid: 'As paid', today: 'Today’s rate', custom: 'Other sats'},
      custom: 'Satoshi to send',
      rate_unknown: 'today’s rate is not known',
      nothing_chosen: 'Choose what goes back.',
      goes: {
        address: 'to the guest’s address',
        withdraw: 'as a QR code to fetch',
        lightning_address: 'to a Lightning address',
        lnurl: 'to an LNURL',
        bolt11: 'to an invoice',
        gift_card: 'on a gift card',
        cash: 'in cash'
      },
      submit: 'Refund {amount}',
      status: {
        requested: 'waits for approval',
        approved: 'about to be sent',
        to_fetch: 'waits for the guest to fetch it',
        sending: 'on its way',
        sent: 'given back',
        failed: 'did not arrive',
        canceled: 'canceled'
      },
      problems: {
        insufficient_balance:
          'The wallet has too little. It waits for funds and is retried by itself.',
        fee_limit:
          'Routing would cost more than your limit. Raise the limit in the settings, or cancel and refund another way.',
        node_away: 'The Lightning node does not answer. It is retried by itself.',
        destination: 'The address does not take it. Cancel and choose another way.',
        invoice_expired: 'The invoice expired. Refund again to a new one.',
        invoice_paid: 'That invoice was paid already. Refund again to a new one.',
        payment_failed:
          'No way to the guest’s wallet was found, nothing left yours. Refund again another way.',
        withdraw_expired: 'The guest did not fetch it in time. Refund again.'
      },
      approve: 'Approve',
      cancel: 'Cancel refund',
      cancel_title: 'Cancel the refund of {amount}?',
      cancel_text: 'It has not left. The amount can be refunded another way.',
      cancel_yes: 'Cancel refund',
      show: 'Show',
      scan: 'The guest scans this with a Lightning wallet.',
      fetch_until: 'Good until {time}',
      on_paper: 'It is on the printed slip as well.',
      new_card: 'A new gift card over {amount}',
      from_drawer: 'Give from the drawer'
    },
    gift: {
      issue: 'New gift card',
      do_issue: 'Issue it',
      issued: 'The gift card',
      kind: 'Sold or given',
      kinds: {sold: 'Sold', given: 'Given away', refund: 'From a refund'},
      kind_hints: {
        sold: 'You have taken its price at the counter.',
        given: 'A present of the house.'
      },
      expires: 'Good until (empty: for ever)',
      note: 'Note, only for you',
      code: 'Gift card code',
      once: 'Whoever has this code has the money. It is shown only now.',
      copy: 'Copy the code',
      print: 'Print',
      card_of: 'Gift card: {amount}',
      of: 'of {amount}',
      until: 'good until {time}',
      balance: 'On the card:',
      ask_balance: 'Ask for the balance',
      unusable: 'It cannot be used.',
      look_up: 'What is left on a card?',
      empty: 'No gift cards yet.',
      more: 'Show more',
      block: 'Block',
      unblock: 'Unblock',
      states: {good: 'good', empty: 'used up', blocked: 'blocked', expired: 'expired'}
    },
    settings: {
      groups: {payments: 'Payments', refunds: 'Refunds'},
      fields: {
        accepted_payments: 'What is taken',
        cash_rounding: 'Smallest coin',
        receipt_station: 'Receipts and drawer: station',
        auto_refund: 'Give owed money back by itself',
        refund_approval_limit: 'Till needs approval above',
        refund_fee_percent: 'Routing fees at most, in %',
        withdraw_days: 'Days to fetch a refund'
      },
      hints: {
        cash_rounding: 'For example 0.05. Empty: as usual in your currency.',
        receipt_station: 'For example bar. Empty: no receipts, no drawer.',
        refund_approval_limit: 'Refunds by a till. 0: all of them',
        withdraw_days: 'How long the QR code of a refund is good'
      }
    },
    devices: {
      methods: 'Takes these payments',
      takes: 'Takes: {methods}',
      payments: 'Payments',
      payments_of: 'Payments that {name} takes'
    }
  }
})
