// The Curator's data engine: a process of its own that runs DuckDB, so that no file and no SQL can end the lab or hold it up.
// Its other end is src/engine/engine-process.ts, which asks one thing at a time. It knows nothing of wallets, datasets or rights.
import { rmSync } from 'node:fs';
import process from 'node:process';
import { ArrowFile, writeArrow } from './arrow.mjs';
import { csvLines, csvShape } from './csv-lines.mjs';
import { JsonList } from './json-list.mjs';
import { JsonScan } from './json-scan.mjs';
import { Session } from './session.mjs';

const WATCH_MS = 50;

const [, , root, rssMax] = process.argv;
let session;
/** An Arrow file that is being read. */
let arrow;
let watch;

/** DuckDB's own limit does not count all that it holds. */
function watchMemory(busy) {
  clearInterval(watch);
  if (!busy) return;
  watch = setInterval(() => {
    if (process.memoryUsage.rss() <= Number(rssMax)) return;
    // An exit would wait for what DuckDB is doing, which takes more and more.
    process.send({ outOfMemory: true }, () => process.kill(process.pid, 'SIGKILL'));
  }, WATCH_MS);
}

const OPERATIONS = {
  async open(task) {
    session = await Session.open(task);
  },
  run: ({ sql }) => session.run(sql),
  all: (task) => session.all(task),
  stream(task) {
    arrow = undefined;
    return session.stream(task);
  },
  next: () => (arrow ?? session).next(),
  async readArrow({ file }) {
    arrow = await ArrowFile.open(file);
    return arrow.header();
  },
  writeArrow: (task) => writeArrow(task),
  /** A look at the beginning, so that DuckDB can begin. */
  async look({ file, limit }) {
    return shapeOf(await new JsonScan().scan(file, { limit }));
  },
  /** DuckDB's statement and the scan of the same file, side by side. */
  async scanBeside({ file, sql }) {
    const work =
      sql === undefined
        ? undefined
        : session.run(sql).then(
            () => undefined,
            (error) => error,
          );
    const scan = await new JsonScan().scan(file, { progress: (told) => process.send({ told }) });
    const failed = await work;
    return { ...shapeOf(scan), problem: failed?.message };
  },
  /** A list as lines; false for a file that is no list but lines already. */
  jsonLines: ({ file, target }) => new JsonList().write(file, target),
  csvShape: ({ file, separator }) => csvShape(file, separator),
  csvLines: (task) => csvLines(task),
  async close() {
    session?.close();
    session = undefined;
    arrow = undefined;
  },
};

const shapeOf = ({ rows, longest, suspects, columns }) => ({
  rows,
  longest,
  suspects,
  columns,
});

process.on('message', async ({ id, operation, ...task }) => {
  // Comes in between, and has no answer of its own: what it interrupts fails.
  if (operation === 'interrupt') return session?.interrupt();
  watchMemory(true);
  try {
    process.send({ id, answer: (await OPERATIONS[operation](task)) ?? null });
  } catch (error) {
    process.send({ id, problem: error instanceof Error ? error.message : String(error) });
  } finally {
    watchMemory(session !== undefined);
  }
});

// Who asked is gone: nobody else can tidy up.
process.on('disconnect', () => {
  rmSync(root, { recursive: true, force: true });
  // An exit would wait for what DuckDB is doing.
  process.kill(process.pid, 'SIGKILL');
});
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => undefined);
