// Messages survive any way of being cut and joined.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutFrames, doneWithout, joinFrames, simpleQuery, textAt, transactionStatus } from './wire.js';

it('cuts at message ends only, wherever the bytes were split', () => {
  const queries = fc.array(
    fc.string().map((text) => text.replaceAll('\0', '')),
    { minLength: 1, maxLength: 5 },
  );
  fc.assert(
    fc.property(queries, fc.nat(), (texts, seed) => {
      const whole = Buffer.from(joinFrames(texts.map(simpleQuery)));
      const at = seed % (whole.length + 1);
      const head = cutFrames(whole.subarray(0, at));
      const tail = cutFrames(Buffer.concat([head.rest, whole.subarray(at)]));
      expect([...head.frames, ...tail.frames].map((frame) => textAt(frame))).toEqual(texts);
      expect(tail.rest).toHaveLength(0);
    }),
  );
});

it('makes a command’s end that repeats the transaction’s status', () => {
  const { frames } = cutFrames(doneWithout('UNLISTEN', 'T'));
  expect(frames.map(({ type }) => type)).toEqual(['C', 'Z']);
  expect(frames[1] && transactionStatus(frames[1])).toBe('T');
});
