// What is written comes back as it was, byte by byte: over chunks, crashes in the middle of a frame, and a place for bytes that is away.
import { mkdtemp, readdir, readFile, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { runs } from '@labmesh/testing';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { accountOf, CHUNK_BYTES_MAX, LOG_START, type LogPlace, marksIn } from './chunk-index.js';
import { FRAME_HEAD_BYTES } from './frame.js';
import { type LogRun, runsOf } from './log-slice.js';
import { type ChunkKeeper, LogWriter } from './log-writer.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-log-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Kept {
  readonly start: number;
  readonly bytes: Buffer;
}

/** Keeps chunks in memory; `refusals` says how often it is away first. */
function memoryKeeper(refusals = 0): ChunkKeeper & { readonly kept: Kept[] } {
  const kept: Kept[] = [];
  let end: LogPlace = LOG_START;
  let left = refusals;
  return {
    kept,
    end: async () => end,
    keep: async (path, account) => {
      left -= 1;
      if (left >= 0) throw new AppError('unavailable', 'away');
      kept.push({ start: account.start.place, bytes: await readFile(path) });
      end = account.end;
    },
  };
}

/** What was kept and what is open, as runs from the first byte on. */
async function allOf(keeper: { readonly kept: Kept[] }, writer?: LogWriter): Promise<LogRun[]> {
  const everything = { from: 0, to: Number.MAX_SAFE_INTEGER };
  const found: LogRun[] = [];
  for (const { bytes } of keeper.kept) {
    const [first] = marksIn(bytes);
    if (first === undefined) throw new Error('a chunk without a mark');
    const frames = bytes.subarray(first.offset);
    found.push(...runsOf({ place: first.place, stdout: first.stdout, frames }, everything));
  }
  for (let place = found.reduce((end, run) => Math.max(end, run.place + run.bytes.length), 0); writer !== undefined; ) {
    const { slice } = await writer.read(place, 10_000);
    if (slice === undefined) break;
    const runs = runsOf(slice, { from: place, to: place + 10_000 });
    found.push(...runs);
    place = runs.reduce((end, run) => Math.max(end, run.place + run.bytes.length), place);
  }
  return found;
}

const textOf = (found: readonly LogRun[], stream?: string): string =>
  Buffer.concat(
    found.filter((run) => stream === undefined || run.stream === stream).map(({ bytes }) => bytes),
  ).toString('latin1');

/** Until all of a log is on the disk. */
async function written(writer: LogWriter, bytes: number): Promise<void> {
  while (writer.end < bytes) await writer.arrival(writer.end, 1_000);
}

describe('LogWriter', () => {
  it('keeps both streams in one order, with the place of each run in the log and in its stream', async () => {
    const keeper = memoryKeeper();
    const writer = await LogWriter.open({ folder: join(folder, 'a'), keeper });
    await writer.write('stdout', Buffer.from('one\n'));
    await writer.write('stderr', Buffer.from('oh\n'));
    await writer.write('stdout', Buffer.from('two\n'));
    await writer.close();
    const found = await allOf(keeper);
    expect(found.map(({ stream, place, offset, bytes }) => [stream, place, offset, String(bytes)])).toEqual([
      ['stdout', 0, 0, 'one\n'],
      ['stderr', 4, 0, 'oh\n'],
      ['stdout', 7, 4, 'two\n'],
    ]);
    await expect(stat(join(folder, 'a'))).rejects.toThrow();
  });

  it('begins a new chunk in the middle of a line, and removes what is kept', async () => {
    const keeper = memoryKeeper(1);
    const writer = await LogWriter.open({ folder, keeper });
    const line = Buffer.from(`${'x'.repeat(99_999)}\n`);
    for (let sent = 0; sent < 2.5 * CHUNK_BYTES_MAX; sent += line.length) await writer.write('stdout', line);
    await writer.close();
    expect(keeper.kept.length).toBe(3);
    expect(keeper.kept[1]?.bytes.at(marksIn(keeper.kept[1].bytes)[0]?.offset ?? 0)).toBeDefined();
    const text = textOf(await allOf(keeper));
    expect(text.length % line.length).toBe(0);
    expect(text === String(line).repeat(text.length / line.length)).toBe(true);
    for (const { bytes } of keeper.kept) expect(bytes.length).toBeLessThan(1.2 * CHUNK_BYTES_MAX);
  });

  it('goes on behind the last whole frame, wherever a crash cut the file', async () => {
    const writer = await LogWriter.open({ folder, keeper: memoryKeeper() });
    for (const [text, end] of [
      ['first\n', 6],
      ['second\n', 13],
      ['third\n', 19],
    ] as const) {
      await writer.write('stdout', Buffer.from(text));
      await written(writer, end);
    }
    const [name = ''] = await readdir(folder);
    const whole = await readFile(join(folder, name));
    const lastFrame = whole.length - FRAME_HEAD_BYTES - 'third\n'.length;
    for (let cut = whole.length; cut >= lastFrame; cut -= 1) {
      await truncate(join(folder, name), cut);
      const keeper = memoryKeeper();
      const next = await LogWriter.open({ folder, keeper });
      const survived = cut === whole.length ? 'first\nsecond\nthird\n' : 'first\nsecond\n';
      expect(next.end).toBe(survived.length);
      expect(textOf(await allOf(keeper, next))).toBe(survived);
    }
    const keeper = memoryKeeper();
    const next = await LogWriter.open({ folder, keeper });
    await next.write('stderr', Buffer.from('again\n'));
    await next.close();
    expect(textOf(await allOf(keeper))).toBe('first\nsecond\nagain\n');
  });

  it('does not take a damaged frame for what a job wrote', async () => {
    const writer = await LogWriter.open({ folder, keeper: memoryKeeper() });
    await writer.write('stdout', Buffer.from('sound'));
    await written(writer, 5);
    await writer.write('stdout', Buffer.from('damaged'));
    await written(writer, 12);
    const [name = ''] = await readdir(folder);
    const bytes = await readFile(join(folder, name));
    bytes[bytes.length - 1] = 0;
    const found = accountOf(bytes);
    expect(found?.account.end.place).toBe('sound'.length);
  });

  it('takes what fits below its limit, and refuses the rest', async () => {
    const keeper = memoryKeeper();
    const writer = await LogWriter.open({ folder, keeper, bytesMax: 10 });
    await writer.write('stdout', Buffer.from('12345678'));
    await expect(writer.write('stderr', Buffer.from('abcd'))).rejects.toMatchObject({ code: 'too_large' });
    await expect(writer.write('stdout', Buffer.from('x'))).rejects.toMatchObject({ code: 'too_large' });
    await writer.close();
    expect(textOf(await allOf(keeper))).toBe('12345678ab');
  });

  it('leaves its files when they cannot be kept, and whoever opens it again keeps them', async () => {
    const writer = await LogWriter.open({ folder, keeper: { ...memoryKeeper(), keep: refuse } });
    await writer.write('stdout', Buffer.from('kept later'));
    await expect(writer.close()).rejects.toMatchObject({ code: 'conflict' });
    const keeper = memoryKeeper();
    await (await LogWriter.open({ folder, keeper })).close();
    expect(textOf(await allOf(keeper))).toBe('kept later');
  });

  it('gives back any writes, in any pieces, over any number of restarts', async () => {
    const piece = fc.record({
      stream: fc.constantFrom('stdout' as const, 'stderr' as const),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 200 }),
      times: fc.constantFrom(1, 1, 1, 700),
      reopen: fc.boolean(),
    });
    const property = fc.asyncProperty(fc.array(piece, { maxLength: 12 }), async (pieces) => {
      const own = await mkdtemp(join(folder, 'x'));
      const keeper = memoryKeeper();
      let writer = await LogWriter.open({ folder: own, keeper });
      const sent = { stdout: '', stderr: '' };
      for (const { stream, bytes, times, reopen } of pieces) {
        const all = Buffer.concat(Array.from({ length: times }, () => bytes));
        sent[stream] += all.toString('latin1');
        await writer.write(stream, all);
        if (!reopen) continue;
        await writer.close();
        writer = await LogWriter.open({ folder: own, keeper });
      }
      await written(writer, sent.stdout.length + sent.stderr.length);
      const found = await allOf(keeper, writer);
      await writer.close();
      let place = 0;
      for (const run of found) {
        expect(run.place).toBe(place);
        place += run.bytes.length;
      }
      expect(textOf(found, 'stdout')).toBe(sent.stdout);
      expect(textOf(found, 'stderr')).toBe(sent.stderr);
      expect(textOf(await allOf(keeper))).toBe(textOf(found));
    });
    await fc.assert(property, { numRuns: runs(60) });
  });
});

const refuse = (): Promise<never> => Promise.reject(new AppError('conflict', 'it has ended'));
