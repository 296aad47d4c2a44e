// Loaded before a process of a test: its clock is 100 s ahead of everybody's. Timers are left alone.
const AHEAD_MS = 100_000;
const RealDate = Date;

globalThis.Date = class extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(RealDate.now() + AHEAD_MS);
    else super(...given);
  }

  static now() {
    return RealDate.now() + AHEAD_MS;
  }
};
