// What sstat says a job used, also where it has no value yet.
import { expect, it } from 'vitest';
import { bytes, milliseconds } from './running-job.js';

it.each([
  ['00:01:02', 62_000],
  ['2-01:00:00', 176_400_000],
  ['01:02.500', 62_500],
  ['', 0],
  // A count of 2^64 - 1 without a value, as a job has that began this moment.
  ['213503982334-14:25:51', 0],
  ['INVALID', 0],
])('%s is %d ms', (text, ms) => expect(milliseconds(text)).toBe(ms));

it.each([
  ['2804K', 2_871_296],
  ['1.5M', 1_572_864],
  ['7', 7],
  ['', 0],
  ['16E', 0],
  ['17179869184.00T', 0],
])('%s is %d bytes', (text, count) => expect(bytes(text)).toBe(count));
