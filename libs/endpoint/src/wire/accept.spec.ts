// What `Accept` takes, in the forms that clients and what stands between write it in.
import { expect, it } from 'vitest';
import { accepts } from './accept.js';

it.each<[string | undefined, boolean, boolean]>([
  ['application/json, text/event-stream', true, true],
  ['APPLICATION/JSON,Text/Event-Stream', true, true],
  ['*/*', true, true],
  ['application/*, text/*;q=0.1', true, true],
  ['text/html, */*; q=0.8', true, true],
  ['application/json;charset=utf-8 , text/event-stream ; q=0.5', true, true],
  ['*/*, text/event-stream;q=0', true, false],
  ['*/*;q=0, application/json', true, false],
  ['application/*;q=0.0, application/json', true, false],
  ['application/json', true, false],
  ['text/event-stream', false, true],
  ['application/jsonp, text/event-stream-x', false, false],
  ['', false, false],
  ['*', false, false],
  ['application/json;q=nonsense', false, false],
  [undefined, true, true],
])('%s', (header, json, events) => {
  expect([accepts(header, 'application/json'), accepts(header, 'text/event-stream')]).toEqual([json, events]);
});
