// What reaches the terminal: tables, colour and text that must not steer it.
import { describe, expect, it } from 'vitest';
import { printable } from './failure-text.js';
import { Output } from './output.js';
import { bytesText, millisecondsText, sinceText } from './units.js';

function outputTo(terminal: { isTTY?: boolean; colourAllowed?: boolean; json?: boolean }) {
  const out: string[] = [];
  const { isTTY = false, colourAllowed = true, json = false } = terminal;
  const stdout = { write: (text: string) => out.push(text), isTTY };
  return { out, output: new Output({ stdout, stderr: { write: () => undefined }, json, colourAllowed }) };
}

describe('Output', () => {
  it('lays out a table, numbers to the right', () => {
    const { out, output } = outputTo({});
    output.table(
      ['NAME', 'N'],
      [
        ['a', 5],
        [{ text: 'long\nname', style: 'green' }, 123],
      ],
    );
    expect(out.join('')).toBe('NAME       N\na            5\nlong name  123\n');
  });

  it('colours on a terminal only, and not against NO_COLOR', () => {
    const shown = (over: object) => outputTo(over).output.style('red', 'x');
    expect(shown({})).toBe('x');
    expect(shown({ isTTY: true, colourAllowed: false })).toBe('x');
  });

  it('writes JSON on one line, and indented for a person', () => {
    const piped = outputTo({ json: true });
    piped.output.answer({ a: 1 }, () => expect.unreachable());
    expect(piped.out).toEqual(['{"a":1}\n']);
    const person = outputTo({ json: true, isTTY: true });
    person.output.document({ a: 1 });
    expect(person.out).toEqual(['{\n  "a": 1\n}\n']);
  });
});

describe('printable', () => {
  it('keeps lines and tabs, and takes the teeth out of the rest', () => {
    expect(printable('a\tb\nc\u001b]0;x\u0007\u009b\u202e')).toBe('a\tb\nc?]0;x???');
  });
});

describe('units', () => {
  it('are easy to read', () => {
    expect([0, 1_023, 1_536, 150 * 2 ** 20, 2 ** 60].map(bytesText)).toEqual([
      '0 B',
      '1023 B',
      '1.5 KiB',
      '150 MiB',
      '1024 PiB',
    ]);
    expect([null, 0.04, 250.4].map(millisecondsText)).toEqual(['-', '0.0 ms', '250 ms']);
    const now = Date.parse('2026-01-03T00:00:00Z');
    const since = [
      '2026-01-02T23:59:30Z',
      '2026-01-02T23:00:00Z',
      '2026-01-01T06:00:00Z',
      '2025-12-01T00:00:00Z',
      null,
    ];
    expect(since.map((at) => sinceText(at, now))).toEqual(['30 s', '1 h', '42 h', '33 d', '-']);
  });
});
