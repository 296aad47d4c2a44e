// Headers of a call: what is written is read again, whatever it is, and fits a header line.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { callHeaders, callIdIn, decodeAnswers, readCallHeaders, withTrace } from './call-headers.js';

const call = { callId: 'c1', deadline: 1_900_000_000_000, pass: 'a.b.c' };

it('reads what was written', () => {
  const trace = { traceparent: '00-aa-bb-01', tracestate: 'x=1' };
  const headers = callHeaders({ ...call, wantsReceipt: true, trace });
  expect(readCallHeaders(headers)).toEqual({ ...call, ...trace, wantsReceipt: true, answers: undefined });
  expect(callIdIn(headers)).toBe('c1');
});

it('says what did not come, and takes a deadline that is no time for none', () => {
  const nothing = { callId: undefined, deadline: undefined, pass: undefined, answers: undefined, wantsReceipt: false };
  expect(readCallHeaders({})).toMatchObject(nothing);
  for (const deadline of ['soon', '-1', '0', 'Infinity', ''])
    expect(readCallHeaders({ deadline }).deadline).toBeUndefined();
});

it('carries any answers in plain ASCII, and refuses what it did not write', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.option(fc.string(), { nil: undefined }),
      (given, state) => {
        const responses = JSON.parse(JSON.stringify(given)) as Record<string, unknown>;
        const answers = state === undefined ? { responses } : { responses, state };
        const headers = callHeaders({ ...call, answers });
        for (const value of Object.values(headers)) expect(value).toMatch(/^[\x21-\x7e]*$/);
        expect(decodeAnswers(readCallHeaders(headers).answers)).toEqual(answers);
      },
    ),
  );
  expect(() => decodeAnswers('e30')).toThrow('it is not what an endpoint sends');
  expect(decodeAnswers(undefined)).toBeUndefined();
});

it('puts a trace in the place of another, and leaves the given headers as they are', () => {
  const before = withTrace({ note: 'n' }, { traceparent: 'one' });
  expect(withTrace(before, { traceparent: 'two', tracestate: 's' })).toEqual({
    note: 'n',
    traceparent: 'two',
    tracestate: 's',
  });
  expect(before).toEqual({ note: 'n', traceparent: 'one' });
  expect(withTrace(before, {})).toEqual(before);
});
