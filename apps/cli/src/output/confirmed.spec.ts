// Who is asked before something happens, who is not, and what counts as a yes.
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { confirmed } from './confirmed.js';

function at(stdin: Readable, { terminal = true, signal = new AbortController().signal } = {}) {
  const said: string[] = [];
  const host = {
    stdin: Object.assign(stdin, { isTTY: terminal }),
    stderr: { write: (text: string | Uint8Array) => said.push(String(text)), isTTY: terminal },
    signal,
  };
  return { host, said };
}

describe('confirmed', () => {
  it.each(['y\n', 'Y\n', 'yes\n', ' yes \n'])('goes on after %j', async (answer) => {
    const { host, said } = at(Readable.from([answer]));
    await confirmed(host, { ask: 'Pay\u001b[2J?', yes: undefined });
    expect(said).toEqual(['Pay?[2J? [y/N] ']);
  });

  it.each(['n\n', '\n', '', 'yep\n', 'no\ny\n'])('stops after %j', async (answer) => {
    const { host } = at(Readable.from([answer]));
    await expect(confirmed(host, { ask: 'Pay?', yes: undefined })).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('asks nothing where it was said, or where nobody sits', async () => {
    const told = at(Readable.from([]));
    await confirmed(told.host, { ask: 'Pay?', yes: true, always: true });
    const script = at(Readable.from([]), { terminal: false });
    await confirmed(script.host, { ask: 'Pay?', yes: undefined });
    expect([...told.said, ...script.said]).toEqual([]);
  });

  it('wants it said by a script, too, where nothing brings it back', async () => {
    const { host } = at(Readable.from([]), { terminal: false });
    await expect(confirmed(host, { ask: 'Close it?', yes: undefined, always: true })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('--yes'),
    });
  });

  it('is ended by Ctrl-C while it waits', async () => {
    const stop = new AbortController();
    const { host } = at(new Readable({ read: () => undefined }), { signal: stop.signal });
    const waiting = confirmed(host, { ask: 'Pay?', yes: undefined });
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
  });
});
