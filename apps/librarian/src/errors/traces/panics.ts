// Panics: of Go with its first goroutine, of Rust with its backtrace where there is one.
import { cut, FRAMES_MAX, type Frame, numberOf, type TraceParser } from './trace.js';

const GO_PANIC = /(?:^|\s)(?:panic|fatal error): (.+)$/;
const GOROUTINE = /^\s*goroutine \d+ .*\[.*\]:$/;
const GO_CALL = /^\s*(?:created by )?([\w./*()[\]{}·-]+?)(?:\((?:[^()]|\.\.\.)*\))?(?: in goroutine \d+)?$/;
const GO_PLACE = /^\s+(\S.*\.(?:go|s)):(\d+)(?: \+0x[0-9a-f]+)?$/;
const GO_FOREIGN =
  /[\\/]pkg[\\/]mod[\\/]|[\\/]vendor[\\/]|[\\/](?:(?:usr[\\/](?:local|lib)|sdk)[\\/]go|go\d)[\w.-]*[\\/]src[\\/]|hostedtoolcache[\\/]go[\\/]|^_testmain/;
const GO_RUNTIME = /^(?:runtime|testing|reflect|net\/http|internal)\b/;
const NAME_CHARACTERS_MAX = 1_000;
/** Go writes what it recovered and raised again, and of a signal some lines, before the goroutine. */
const BEFORE_MAX = 10;

export const parseGo: TraceParser = (lines, at) => {
  const message = GO_PANIC.exec(lines[at] ?? '')?.[1];
  if (message === undefined) return undefined;
  const after = lines.slice(at + 1, at + 1 + BEFORE_MAX).findIndex((line) => GOROUTINE.test(line));
  if (after === -1) return undefined;
  const frames: Frame[] = [];
  let place = at + after + 2;
  for (; place + 1 < lines.length; place += 2) {
    const name = GO_CALL.exec((lines[place] ?? '').slice(0, NAME_CHARACTERS_MAX))?.[1];
    const [where, file = '', line] = GO_PLACE.exec(lines[place + 1] ?? '') ?? [];
    if (name === undefined || where === undefined) break;
    const own = !GO_RUNTIME.test(name) && !GO_FOREIGN.test(file);
    if (frames.length < FRAMES_MAX) frames.push({ file, line: numberOf(line), function: name, own });
  }
  if (frames.length === 0) return undefined;
  const thrown = { type: 'panic', message: cut(message), line: at + 1, frames };
  return { trace: { language: 'go', chain: [thrown] }, end: place, headers: [at] };
};

const RUST_PANIC = /thread '[^']{0,200}'(?: \(\d+\))? panicked at (?:'(.*)', )?(\S.*?):(\d+):\d+:?$/;
const RUST_CALL = /^\s*\d+:\s+(?:0x[0-9a-f]+ - )?(\S.*)$/;
const RUST_PLACE = /^\s+at (\S.*?):(\d+)(?::\d+)?$/;
const RUST_FOREIGN = /^\/rustc\/|[\\/]\.cargo[\\/](?:registry|git)[\\/]|[\\/]rustlib[\\/]/;
const RUST_NAMES = /^<?(?:std|core|alloc|rust_begin_unwind|__rust|_?main$|_start|__libc)/;

export const parseRust: TraceParser = (lines, at) => {
  const found = RUST_PANIC.exec(lines[at] ?? '');
  if (found === null) return undefined;
  const [, quoted, file = '', number] = found;
  const message = quoted ?? lines[at + 1] ?? '';
  const said = quoted === undefined ? at + 1 : at;
  const { frames, end } = backtrace(lines, said + 1);
  const place = { file, line: numberOf(number), function: null, own: !RUST_FOREIGN.test(file) };
  const thrown = { type: 'panic', message: cut(message), line: at + 1, frames: frames.length === 0 ? [place] : frames };
  return { trace: { language: 'rust', chain: [thrown] }, end, headers: [at, said] };
};

function backtrace(lines: readonly string[], from: number): { frames: Frame[]; end: number } {
  const frames: Frame[] = [];
  if (lines[from]?.trim() !== 'stack backtrace:') return { frames, end: from };
  let place = from + 1;
  while (place < lines.length) {
    const name = RUST_CALL.exec(lines[place] ?? '')?.[1];
    if (name === undefined) break;
    const [where, file = null, line] = RUST_PLACE.exec(lines[place + 1] ?? '') ?? [];
    const own = file !== null && !RUST_FOREIGN.test(file) && !RUST_NAMES.test(name);
    if (frames.length < FRAMES_MAX) frames.push({ file, line: numberOf(line), function: name, own });
    place += where === undefined ? 1 : 2;
  }
  return { frames, end: place };
}
