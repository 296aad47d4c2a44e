// What people type for memory and disk, in MiB.
import { expect, it } from 'vitest';
import { megabytesOf } from './size.js';

it.each([
  ['512', 512],
  ['512M', 512],
  ['4G', 4_096],
  ['1.5G', 1_536],
  ['2T', 2_097_152],
  ['4GiB', 4_096],
])('takes %s', (text, megabytes) => {
  expect(megabytesOf(text)).toBe(megabytes);
});

it.each(['', '-1', '1.0001G', '4K', 'G', '1e3', '0x10', '4 G'])('refuses %j', (text) => {
  expect(() => megabytesOf(text)).toThrow(/512M/);
});
