// Turns many signals into few: the first at once, what comes soon after it together. The last signal is never swallowed.

/** Runs `action` for the first signal, and once more at the end of each period in which others came. `stop` ends it. */
export function throttled(action: () => void, periodMs: number): { signal(): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  let waiting = false;
  let stopped = false;
  const run = (): void => {
    waiting = false;
    timer = setTimeout(() => {
      timer = undefined;
      if (waiting) run();
    }, periodMs).unref();
    action();
  };
  return {
    signal() {
      if (stopped) return;
      if (timer === undefined) run();
      else waiting = true;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
