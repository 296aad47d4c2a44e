// The time, as something to be given: every expiry here is tested without waiting for it.
export const CLOCK = Symbol('CLOCK');

/** Unix milliseconds. */
export type Clock = () => number;
