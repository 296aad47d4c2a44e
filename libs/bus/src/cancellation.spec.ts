// A cancellation tells its listeners once, in order, and becomes a real AbortSignal for who asks, before or after.
import { describe, expect, it } from 'vitest';
import { Cancellation } from './cancellation.js';

describe('Cancellation', () => {
  it('tells each listener once, in order, but none that left or came too late', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    const leaves = (): unknown => heard.push('left');
    cancellation.addEventListener('abort', () => heard.push('first'));
    cancellation.addEventListener('abort', leaves);
    cancellation.addEventListener('abort', () => heard.push('second'));
    cancellation.removeEventListener('abort', leaves);
    cancellation.abort('why');
    cancellation.abort('again');
    cancellation.addEventListener('abort', () => heard.push('late'));
    expect(heard).toEqual(['first', 'second']);
    expect(cancellation).toMatchObject({ aborted: true, reason: 'why' });
  });

  it('gives the same signal each time, aborted with the same reason whenever it was asked for', () => {
    const reason = new Error('over');
    const [early, late] = [new Cancellation(), new Cancellation()];
    const { signal } = early;
    expect(early.signal).toBe(signal);
    expect(signal.aborted).toBe(false);
    for (const cancellation of [early, late]) cancellation.abort(reason);
    expect(signal).toMatchObject({ aborted: true, reason });
    expect(late.signal).toMatchObject({ aborted: true, reason });
  });

  it('has told the signal before its own listeners', () => {
    const cancellation = new Cancellation();
    const { signal } = cancellation;
    let seen = false;
    cancellation.addEventListener('abort', () => {
      seen = signal.aborted;
    });
    cancellation.abort();
    expect(seen).toBe(true);
  });
});
