// Server-sent events, however the network cuts them.
import { describe, expect, it } from 'vitest';
import { EventText, type ServerEvent } from './event-text.js';

const STREAM =
  'retry: 1000\n\nevent: record\nid: 7\ndata: {"a":1}\n\n: keep-alive\nid: 9\n\nevent: end\nid: 9\ndata: one\ndata: two\n\n';
const EVENTS: ServerEvent[] = [
  { event: 'record', data: '{"a":1}' },
  { event: 'end', data: 'one\ntwo' },
];

describe('EventText', () => {
  it('reads events, places and the time to come again, cut anywhere and with any end of line', () => {
    for (const text of [STREAM, STREAM.replaceAll('\n', '\r\n'), STREAM.replaceAll('\n', '\r')]) {
      for (let size = 1; size <= text.length; size += 1) {
        const reader = new EventText();
        const events: ServerEvent[] = [];
        for (let at = 0; at < text.length; at += size) events.push(...reader.push(text.slice(at, at + size)));
        // A carriage return at the very end might still become a line's end of two characters.
        events.push(...reader.push('\n'));
        expect([size, events, reader.lastId, reader.retryMs]).toEqual([size, EVENTS, '9', 1_000]);
      }
    }
  });

  it('keeps what is not whole', () => {
    const reader = new EventText();
    expect(reader.push('data: half')).toEqual([]);
    expect(reader.push('\n')).toEqual([]);
    expect(reader.push('\n')).toEqual([{ event: 'message', data: 'half' }]);
  });
});
