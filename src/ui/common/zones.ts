/** Time zones that this browser knows. */
export const ZONES = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];
