// What the lab tells of changes: one stream for all that is followed, taken up again after a cut, and no one told of what is another's.
import type { Client } from '@modelcontextprotocol/client';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { Changes } from './changes.js';

interface Stream {
  readonly filter: object;
  readonly signal: AbortSignal;
  readonly open: () => void;
  readonly fail: () => void;
  readonly cut: () => void;
}

function bed() {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const streams: Stream[] = [];
  const handlers = new Map<string, (message: { params: { uri: string } }) => void>();
  const client = {
    setNotificationHandler: (method: string, handler: (message: { params: { uri: string } }) => void) =>
      void handlers.set(method, handler),
    listen: (filter: object, { signal }: { signal: AbortSignal }) =>
      new Promise((resolve, reject) => {
        let cut = (): void => {};
        const closed = new Promise<void>((end) => {
          cut = end;
        });
        streams.push({ filter, signal, open: () => resolve({ closed }), fail: () => reject(new Error('gone')), cut });
      }),
  } as unknown as Pick<Client, 'listen' | 'setNotificationHandler'>;
  const changes = new Changes(client);
  const heard: string[] = [];
  return {
    changes,
    streams,
    heard,
    follow: (name: string, uris: readonly string[], lists = false) =>
      changes.follow({ uris, lists }, () => void heard.push(name)),
    wait: (name: string, uris: readonly string[], lists = false) =>
      changes.whenTold({ uris, lists }, () => void heard.push(name)),
    updated: (uri: string) => handlers.get('notifications/resources/updated')?.({ params: { uri } }),
    listChanged: () => handlers.get('notifications/resources/list_changed')?.({ params: { uri: '' } }),
    later: (ms: number) => vi.advanceTimersByTimeAsync(ms),
  };
}

describe('what is followed', () => {
  it('is asked for on one stream, and each hears of its own', async () => {
    const { changes, streams, heard, follow, updated, listChanged, later } = bed();
    follow('wallet', ['wallet://1']);
    follow('jobs', ['jobs://1', 'wallet://1']);
    follow('data', [], true);
    await later(100);
    expect(streams.map(({ filter }) => filter)).toEqual([
      { resourceSubscriptions: ['jobs://1', 'wallet://1'], resourcesListChanged: true },
    ]);
    expect(changes.isLive()).toBe(false);
    streams[0]?.open();
    await later(0);
    expect(changes.isLive()).toBe(true);
    // Something may have happened since they looked.
    expect(heard.splice(0)).toEqual(['wallet', 'jobs', 'data']);
    updated('jobs://1');
    updated('wallet://1');
    updated('wallet://2');
    listChanged();
    expect(heard).toEqual(['jobs', 'wallet', 'jobs', 'data']);
  });

  it('keeps the stream before until the new one is open, and the same wish opens none', async () => {
    const { streams, heard, follow, later } = bed();
    const end = follow('one', ['a://1']);
    await later(100);
    streams[0]?.open();
    follow('two', ['a://1']);
    await later(100);
    expect(streams).toHaveLength(1);
    heard.length = 0;
    follow('three', ['a://3']);
    await later(100);
    expect([streams.length, streams[0]?.signal.aborted]).toEqual([2, false]);
    // Another one before that has opened: neither stays behind.
    end();
    follow('four', ['a://4']);
    await later(100);
    streams[2]?.open();
    await later(0);
    expect(streams.map(({ signal }) => signal.aborted)).toEqual([true, true, false]);
    // Who was told all the time has missed nothing.
    expect(heard).toEqual(['three', 'four']);
  });

  it('is told of at once where it changed after what names it was asked for', async () => {
    const { changes, streams, heard, follow, updated, later } = bed();
    const end = follow('the list before', ['a://1', 'a://2']);
    await later(100);
    streams[0]?.open();
    await later(0);
    const askedAt = changes.moment();
    end();
    updated('a://1');
    heard.length = 0;
    changes.follow({ uris: ['a://1'] }, () => void heard.push('asked before'), askedAt);
    changes.follow({ uris: ['a://2'] }, () => void heard.push('of another'), askedAt);
    follow('asked after', ['a://1']);
    expect(heard).toEqual(['asked before']);
  });

  it('is taken up again after a cut, and all are told, since something may have happened', async () => {
    const { changes, streams, heard, follow, later } = bed();
    follow('one', ['a://1']);
    follow('two', ['a://2']);
    await later(100);
    streams[0]?.open();
    await later(0);
    heard.length = 0;
    streams[0]?.cut();
    await later(0);
    expect(changes.isLive()).toBe(false);
    await later(1_000);
    streams[1]?.fail();
    await later(2_000);
    expect(heard).toEqual([]);
    streams[2]?.open();
    await later(0);
    expect([heard, changes.isLive()]).toEqual([['one', 'two'], true]);
  });

  it('is first asked for when the lab tells of all of it, and at once where it does already', async () => {
    const { streams, heard, follow, wait, later } = bed();
    follow('wallet', ['wallet://1']);
    wait('first wallet', ['wallet://1']);
    wait('first data', [], true);
    wait('first of nothing', []);
    wait('gone', ['wallet://1'])();
    await later(100);
    expect(heard).toEqual(['first of nothing']);
    streams[0]?.open();
    await later(0);
    // Only now, after what it followed was told of: what it asks for cannot change unseen.
    expect(heard).toEqual(['first of nothing', 'wallet', 'first wallet']);
    wait('again', ['wallet://1']);
    expect(heard.at(-1)).toBe('again');
    follow('data', [], true);
    await later(100);
    streams[1]?.open();
    await later(0);
    expect(heard.slice(-2)).toEqual(['data', 'first data']);
  });

  it('is asked for without being told of it when no stream opens in time, or at all', async () => {
    const { streams, heard, follow, wait, later } = bed();
    follow('wallet', ['wallet://1']);
    wait('late', ['wallet://1']);
    await later(999);
    expect(heard).toEqual([]);
    await later(1);
    wait('not patient any more', ['wallet://1']);
    expect(heard.splice(0)).toEqual(['late', 'not patient any more']);
    streams[0]?.open();
    await later(0);
    expect(heard.splice(0)).toEqual(['wallet']);
    wait('refused', ['wallet://2']);
    follow('other', ['wallet://2']);
    await later(100);
    streams[1]?.fail();
    await later(0);
    expect(heard).toEqual(['refused']);
  });

  it('ends when nobody follows any more', async () => {
    const { changes, streams, follow, later } = bed();
    const end = follow('one', ['a://1']);
    await later(100);
    streams[0]?.open();
    await later(0);
    end();
    await later(100);
    expect([streams[0]?.signal.aborted, streams.length, changes.isLive()]).toEqual([true, 1, false]);
  });
});
