// Kinds of errors in words.
import { expect, it } from 'vitest';
import type { Analysis } from '../knowledge.js';
import { errorTextOf, frameText, isOrigin, templateParts, titleOf } from './error-text.js';

it('takes a template apart at what varies', () => {
  expect(templateParts('pump <*> failed: <*>')).toEqual([
    { text: 'pump ' },
    { varies: true },
    { text: ' failed: ' },
    { varies: true },
  ]);
  expect(templateParts('<b>no</b>')).toEqual([{ text: '<b>no</b>' }]);
});

it('says where in code', () => {
  const frame = { file: 'src/main.py', line: 12, function: 'load', own: true };
  expect(frameText(frame)).toBe('src/main.py:12 in load');
  expect(frameText({ ...frame, line: null, function: null })).toBe('src/main.py');
  expect(frameText({ ...frame, file: null })).toBe('unknown place in load');
  expect(isOrigin(frame, frame)).toBe(true);
  expect(isOrigin({ ...frame, line: 13 }, frame)).toBe(false);
  expect(isOrigin(frame, null)).toBe(false);
});

const analysis = {
  events: [
    { template: 'the command ended', firstLine: 0 },
    { template: '<*>: pump <*> failed', firstLine: 3 },
  ],
  traces: [],
} as unknown as Analysis;

it('begins a solution with the error, and of a job with its kinds', () => {
  expect(errorTextOf(analysis, 'pump 3 failed')).toBe('pump 3 failed');
  expect(errorTextOf(analysis, '')).toBe('the command ended\n<*>: pump <*> failed');
  expect(titleOf(analysis)).toBe('pump … failed');
  const thrown = { ...analysis, traces: [{ chain: [{ type: 'KeyError', message: "'a'" }] }] } as unknown as Analysis;
  expect(titleOf(thrown)).toBe("KeyError: 'a'");
});
