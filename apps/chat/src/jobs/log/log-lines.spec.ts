// Lines of a log from pieces that are cut anywhere.
import { describe, expect, it } from 'vitest';
import { LogLines, type LogPiece } from './log-lines.js';

const out = (text: string, attempt = 1): LogPiece => ({ stream: 'stdout', attempt, text });
const err = (text: string, attempt = 1): LogPiece => ({ stream: 'stderr', attempt, text });
const linesOf = (log: LogLines) => Array.from({ length: log.length }, (_, index) => log.at(index).text);
const made = (...pieces: LogPiece[]) => {
  const log = new LogLines();
  for (const piece of pieces) log.add([piece]);
  return log;
};

describe('lines', () => {
  it('are whole, wherever the pieces are cut', () => {
    expect(linesOf(made(out('a\nb'), out('c'), out('\n\nd\n')))).toEqual(['a', 'bc', '', 'd']);
  });

  it('are shown before they end', () => {
    expect(linesOf(made(out('12 %')))).toEqual(['12 %']);
  });

  it('keep each stream’s own, in the order in which they began', () => {
    const log = made(out('half '), err('warning\n'), out('whole\n'));
    expect(linesOf(log)).toEqual(['half whole', 'warning']);
    expect([log.at(0).stream, log.at(1).stream]).toEqual(['stdout', 'stderr']);
  });

  it('show what a carriage return left, as one line', () => {
    expect(linesOf(made(out('10 %\r20 %'), out('\r30 %\r'), out('done\n'), out('next\r\n')))).toEqual(['done', 'next']);
  });

  it('keep a progress bar that ends its updates with a carriage return', () => {
    expect(linesOf(made(out('10 %\r'), out('20 %\r')))).toEqual(['20 %\r']);
  });

  it('tell where another attempt begins', () => {
    expect(linesOf(made(out('a'), out('b\n', 2)))).toEqual(['a', '\u001b[2m— attempt 2 —\u001b[0m', 'b']);
  });

  it('take bytes that are no text, and letters that are cut in two', () => {
    const pieces = ['\x68\xc3', '\xa9\xff\n'];
    const log = new LogLines();
    for (const bytes of pieces) log.add([{ stream: 'stdout', attempt: 1, base64: btoa(bytes) }]);
    expect(linesOf(log)).toEqual(['hé\ufffd']);
  });

  it('are the last ones of a log that is too long', () => {
    const log = new LogLines(10);
    log.add([out(Array.from({ length: 60_000 }, (_, n) => `${n}\n`).join(''))]);
    log.add([out('half')]);
    expect([log.length, log.at(0).text, log.at(10).text, log.dropped]).toEqual([11, '59990', 'half', 59_990]);
  });
});
