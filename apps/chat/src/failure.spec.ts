// Errors of every kind, in the one shape the page shows.
import { describe, expect, it } from 'vitest';
import { SIGNED_OUT, toFailure, toolFailure } from './failure.js';

const httpError = (status: number, text?: string) =>
  Object.assign(new Error(`HTTP ${status}`), { code: 'CLIENT_HTTP', data: { status, text } });

describe('toFailure', () => {
  it('knows a refused sign-in', () => {
    expect(toFailure(httpError(401))).toBe(SIGNED_OUT);
  });

  it('reads the body of an HTTP error', () => {
    const body = { code: 'rate_limited', message: 'Too many calls: come back in 3 s' };
    expect(toFailure(httpError(429, JSON.stringify(body)))).toEqual(body);
    expect(toFailure(httpError(429, JSON.stringify({ error: body })))).toEqual(body);
    expect(toFailure(httpError(500, '<html>'))).toEqual({ code: 'http_500', message: 'HTTP 500' });
  });

  it('knows a lab that does not answer', () => {
    expect(toFailure(new TypeError('Failed to fetch')).code).toBe('unreachable');
    expect(toFailure(new Error('probe failed', { cause: new TypeError('Failed to fetch') })).code).toBe('unreachable');
  });

  it('takes anything', () => {
    for (const thrown of [undefined, null, 'text', 5, {}, new Error('')]) {
      expect(toFailure(thrown)).toMatchObject({ code: expect.any(String), message: expect.any(String) });
    }
  });
});

describe('toolFailure', () => {
  it('prefers the error with a code', () => {
    const failure = { code: 'conflict', message: 'Cannot', hint: 'Do' };
    expect(toolFailure({ _meta: { 'labmesh/error': failure }, content: [{ type: 'text', text: 'x' }] })).toEqual(
      failure,
    );
  });

  it('falls back on the texts', () => {
    expect(toolFailure({ content: [{ type: 'text', text: 'it broke' }] }).message).toBe('it broke');
    expect(toolFailure({}).message).toMatch(/did not say why/);
  });
});
