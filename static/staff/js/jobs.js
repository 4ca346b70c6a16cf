// What may be done with a print job, and how it is said.
;(rs => {
  const RETRYABLE = ['dead']
  const WAITING = ['queued', 'failed']

  /** Drawers that stayed shut are opened by hand. */
  const mayRetry = ({kind, status}) => status === 'failed' && kind !== 'drawer'
  const mayCancel = ({status}) => WAITING.includes(status)
  const mayReroute = ({status, kind, state}) =>
    kind !== 'drawer' &&
    (status === 'queued' || (status === 'failed' && RETRYABLE.includes(state)))
  const mayReprint = ({status, kind}) =>
    kind !== 'drawer' && ['acknowledged', 'canceled'].includes(status)

  /** One step of a job; throws ApiError. */
  const act = (job, step, body = {}) =>
    rs.api.call('POST', `/print_jobs/${job.id}/${step}`, {body, key: rs.api.newKey()})

  /** "Order 17" or what it is without one. */
  const title = ({order_number: number, kind}) =>
    number === null ? rs.t(`jobs.kinds.${kind}`) : rs.t('order_number', {number})

  rs.jobs = {mayRetry, mayCancel, mayReroute, mayReprint, act, title}
})(window.restaurantStaff)
