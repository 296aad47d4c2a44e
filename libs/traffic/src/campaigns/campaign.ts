// A scripted attack: whose credentials it uses, and the calls it makes from a moment on.
import type { Random } from '../random.js';
import { type Caller, callOf, type Deed, type Principal, type SimulatedCall } from '../simulated-call.js';

export interface Scene {
  readonly random: Random;
  /** An honest principal whose credential was stolen. */
  readonly victim: Principal;
  readonly start: number;
}

export interface Campaign {
  readonly name: string;
  /** What gives it away. */
  readonly shows: 'content' | 'behaviour';
  readonly summary: string;
  /** Begins in the middle of the victim's free time, not of its working day. */
  readonly atNight?: boolean;
  calls(scene: Scene): SimulatedCall[];
}

/** The same caller's deeds one after the other, with pauses around `pauseMs`. */
export function paced(
  deeds: readonly Deed[],
  caller: Caller,
  pace: { random: Random; start: number; pauseMs: number },
): SimulatedCall[] {
  let at = pace.start;
  return deeds.map((deed) => {
    at += pace.random.logNormal(pace.pauseMs, 0.3);
    return callOf(deed, caller, at);
  });
}
