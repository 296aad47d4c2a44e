// Which keys do what; where somebody writes, letters are letters.
import { expect, it } from 'vitest';
import { commandOf } from './shortcuts.js';

const none = { key: '', code: '', altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, target: null };

it('knows its keys, and leaves the browser’s alone', () => {
  expect(commandOf({ ...none, key: '?' }, true)).toBe('help');
  expect(commandOf({ ...none, key: '?' }, false)).toBeUndefined();
  expect(commandOf({ ...none, key: 'Escape' }, false)).toBe('stop');
  expect(commandOf({ ...none, code: 'KeyN', key: 'n', altKey: true }, false)).toBe('new');
  expect(commandOf({ ...none, code: 'ArrowLeft', altKey: true, shiftKey: true }, true)).toBe('before');
  // Back and Forward.
  expect(commandOf({ ...none, code: 'ArrowLeft', altKey: true }, true)).toBeUndefined();
  expect(commandOf({ ...none, key: '/', ctrlKey: true }, true)).toBeUndefined();
});
