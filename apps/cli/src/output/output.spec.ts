// What reaches the terminal: tables, colour and text that must not steer it.
import { describe, expect, it } from 'vitest';
import { printable } from './failure-text.js';
import { showFacts } from './facts.js';
import { type Layout, Output } from './output.js';
import { bytesText, millisecondsText, sinceText } from './units.js';

interface Terminal {
  isTTY?: boolean;
  rows?: number;
  colourAllowed?: boolean;
  layout?: Layout;
  quiet?: boolean;
  pager?: boolean;
}

function outputTo(terminal: Terminal) {
  const [out, err, pages]: [string[], string[], string[]] = [[], [], []];
  const { isTTY = false, rows, colourAllowed = true, layout = 'auto', quiet = false, pager = true } = terminal;
  const stdout = { write: (text: string) => out.push(text), isTTY, rows };
  const stderr = { write: (text: string) => err.push(text) };
  const page = (text: string) => pager && pages.push(text) > 0;
  return { out, err, pages, output: new Output({ stdout, stderr, layout, colourAllowed, quiet, page }) };
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

  it('writes the same JSON wherever it goes', () => {
    const texts = [{}, { isTTY: true }, { isTTY: true, rows: 1 }].map((terminal) => {
      const { out, output } = outputTo({ ...terminal, layout: 'json' });
      output.answer({ a: 1 }, () => expect.unreachable());
      return out.join('');
    });
    expect(texts).toEqual(Array(3).fill('{\n  "a": 1\n}\n'));
  });

  it.each([
    ['a table', (output: Output) => output.table(['A'], [[1]]), 'A\n1\n', '{\n  "a": 1\n}\n'],
    ['facts', (output: Output) => showFacts(output, [['a', '1']]), 'a  1\n', '{\n  "a": 1\n}\n'],
    ['nothing', () => undefined, '', '{\n  "a": 1\n}\n'],
    ['an id', (output: Output) => output.line('ds_1'), 'ds_1\n', 'ds_1\n'],
  ])('shows %s to people, and to scripts what they can take', (_what, show, people, scripts) => {
    const shown = (terminal: Terminal) => {
      const { out, output } = outputTo({ colourAllowed: false, ...terminal });
      output.answer({ a: 1 }, () => show(output));
      return out.join('');
    };
    expect([shown({ isTTY: true }), shown({}), shown({ layout: 'table' })]).toEqual([people, scripts, people]);
  });

  it('takes what is longer than the terminal through the pager, where there is one', () => {
    const shown = (terminal: Terminal) => {
      const { out, pages, output } = outputTo({ isTTY: true, rows: 3, ...terminal });
      output.answer(null, () => output.line('a\nb\nc\nd'));
      return [out.join(''), pages.join('')];
    };
    const all = 'a\nb\nc\nd\n';
    expect(shown({})).toEqual(['', all]);
    for (const terminal of [{ pager: false }, { rows: 5 }, { isTTY: false }])
      expect(shown(terminal)).toEqual([all, '']);
  });

  it('says nothing beside the answer to who wants quiet, but what must be kept', () => {
    const { err, output } = outputTo({ quiet: true });
    output.note('by the way');
    output.progress({ progress: 1 });
    output.warn('keep this');
    expect(err).toEqual(['keep this\n']);
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
