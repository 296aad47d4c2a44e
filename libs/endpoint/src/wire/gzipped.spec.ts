// A compressed text with another end each time: any decompressor reads it, and it is what was written.
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { END_BYTES_MAX, Gzipped, wantsGzip } from './gzipped.js';

const long = Buffer.from(JSON.stringify(Array.from({ length: 500 }, (_, at) => ({ name: `tool ${at}`, reads: true }))));

const file = (gzipped: Gzipped, end: string): Buffer =>
  Buffer.concat([gzipped.start, gzipped.endingIn(Buffer.from(end))]);

describe('a text compressed once', () => {
  it('is read with any end', () => {
    const gzipped = new Gzipped(long);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (end) => {
        expect(gunzipSync(file(gzipped, end)).toString()).toBe(`${long.toString()}${end}`);
      }),
    );
  });

  it('is short, and may be empty or end in as much as one block holds', () => {
    expect(file(new Gzipped(long), '}').length).toBeLessThan(long.length / 5);
    expect(gunzipSync(file(new Gzipped(Buffer.alloc(0)), '')).length).toBe(0);
    const most = 'x'.repeat(END_BYTES_MAX);
    expect(gunzipSync(file(new Gzipped(long), most)).toString()).toBe(`${long.toString()}${most}`);
  });

  it('is read as browsers do', async () => {
    const bytes = new Uint8Array(file(new Gzipped(long), ',"id":7}'));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'));
    expect(await new Response(stream).text()).toBe(`${long.toString()},"id":7}`);
  });
});

it.each([
  ['gzip', true],
  ['gzip, deflate', true],
  ['br, gzip;q=0.5', true],
  ['deflate,GZIP ; q=1.0 , br', true],
  ['gzip;q=0', false],
  ['gzip;q=0.000', false],
  ['identity', false],
  ['*', false],
  ['x-gzipped', false],
  ['', false],
  [undefined, false],
])('Accept-Encoding: %s', (header, wanted) => {
  expect(wantsGzip(header)).toBe(wanted);
});
