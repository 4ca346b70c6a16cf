/** Where deliveries go: kept on this device for the next time, until it is forgotten. */

import {observable, recall, remember} from './state.js'

const NAME = 'delivery'
export const ADDRESS_MAX = 500
export const PHONE_MAX = 40
const NOWHERE = {address: '', phone: ''}

/** The watched `{address, phone}` as the guest typed them. */
export const delivery = observable({...NOWHERE, ...recall(NAME)})

/** Take over what was typed. */
export function deliverTo(fields) {
  const next = {...delivery.get(), ...fields}
  delivery.set(next)
  remember(NAME, next.address || next.phone ? next : null)
}

export const forgetDelivery = () => deliverTo(NOWHERE)

/** What goes along with an order; null while there is no address. */
export function deliveryTo() {
  const {address, phone} = delivery.get()
  const isKnown = address.trim()
  return isKnown ? {address: address.trim(), phone: phone.trim() || null} : null
}
