// What a browser is told of bytes that a stranger brought: nothing that it would run, and no name that leads elsewhere.
import { parse } from 'content-disposition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inertHeaders, inertType } from './inert-headers.js';

const headersOf = (name: string, mediaType = 'text/csv') =>
  inertHeaders({ sha256: 'ab'.repeat(32), bytes: 1, mediaType, name }, '"tag"');
const nameIn = (header: string | undefined): string | undefined => parse(header ?? '').parameters.filename;

describe('a type', () => {
  it.each([
    'text/html',
    'TEXT/HTML; charset=utf-8',
    'image/svg+xml',
    'application/xhtml+xml',
    'application/xml',
    'text/xml',
    'text/javascript',
    'application/javascript',
    'application/pdf',
    'application/x-shockwave-flash',
    'text/csv, text/html',
    'text/html;text/csv',
    ' text/html',
    'multipart/x-mixed-replace',
    'anything at all',
    '',
  ])('that a browser might act on goes as bytes: %j', (type) => {
    expect(inertType(type)).toBe('application/octet-stream');
  });

  it('that is only looked at goes as it is, with the one charset', () => {
    expect(inertType('text/csv')).toBe('text/csv');
    expect(inertType('Text/CSV; header=present; charset="UTF-8"')).toBe('text/csv; charset=utf-8');
    expect(inertType('text/plain; charset=utf-7')).toBe('text/plain');
    expect(inertType('application/vnd.apache.parquet')).toBe('application/vnd.apache.parquet');
  });
});

describe('a name', () => {
  it('is kept where it is only a name', () => {
    expect(nameIn(headersOf('Sonnenflecken – März.csv')['content-disposition'])).toBe('Sonnenflecken – März.csv');
    expect(headersOf('Übersicht.csv')['content-disposition']).toMatch(/filename\*=UTF-8''%C3%9Cbersicht.csv/);
  });

  it.each([
    ['../../etc/passwd', '_.._etc_passwd'],
    ['C:\\Windows\\run.exe', 'C__Windows_run.exe'],
    ['a\r\nSet-Cookie: x', 'aSet-Cookie_ x'],
    ['invoice\u202egpj.exe', 'invoicegpj.exe'],
    ['...', 'download'],
    ['\ud800', '_'],
    ['a"b; filename=evil.html', 'a_b; filename=evil.html'],
  ])('%j is %j', (name, saved) => {
    expect(nameIn(headersOf(name)['content-disposition'])).toBe(saved);
  });

  it('whatever it is, makes a header that is one line and names a file without a folder', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 255 }), (name) => {
        const header = headersOf(name)['content-disposition'] ?? '';
        expect(header).toMatch(/^attachment; [\u0020-\u007e\u00a0-\u00ff]+$/);
        expect(nameIn(header)).toMatch(/^[^/\\]+$/);
      }),
    );
  });
});

it('what a browser opens all the same may do nothing', () => {
  expect(headersOf('x.html', 'text/html')).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-security-policy': "sandbox; default-src 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
});
