// Asks a place on this machine whether somebody listens there, and whether a process of the lab is ready.
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 200;
const ANSWER_MS = 2_500;

/** Whether anybody listens there. */
export const listens = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, host.replace(/^\[|\]$/g, ''));
    const end = (isThere: boolean): void => {
      socket.destroy();
      resolve(isThere);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.setTimeout(ANSWER_MS, () => end(false));
  });

/** Whether a process of the lab is ready there. */
export async function answers(place: string): Promise<boolean> {
  try {
    return (await fetch(`http://${place}/readyz`, { signal: AbortSignal.timeout(ANSWER_MS) })).ok;
  } catch {
    return false;
  }
}

/** Whether `check` held in time; false when it is over. */
export async function until(check: () => Promise<boolean>, limitMs: number, over: AbortSignal): Promise<boolean> {
  for (const giveUpAt = performance.now() + limitMs; performance.now() < giveUpAt && !over.aborted; ) {
    if (await check()) return true;
    await pause(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
  }
  return false;
}
