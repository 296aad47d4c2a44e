// Headers on the wire: as NATS defines them, and never more of them than were given.
import { expect, it } from 'vitest';
import { encodeHeaders } from './wire.js';

const written = (plain: Record<string, string>): string => Buffer.from(encodeHeaders(plain).encode()).toString();

it('writes each header on its own line, values in UTF-8', () => {
  expect(written({ 'call-id': 'c1', note: 'Grüße, 世界' })).toBe(
    'NATS/1.0\r\ncall-id: c1\r\nnote: Grüße, 世界\r\n\r\n',
  );
  expect(written({})).toBe('NATS/1.0\r\n\r\n');
});

it('takes no value that would end its line and begin another header', () => {
  for (const value of ['a\r\npass: forged', 'a\nb', '\r'])
    expect(() => encodeHeaders({ note: value })).toThrow(new TypeError('The header note holds the end of a line'));
});
