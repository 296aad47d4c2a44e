// The process around the command: its streams, Ctrl-C and the exit code. Nothing else belongs here.
import { runCli } from './cli.js';
import { readEnvironment } from './config.js';

const CANCELLED = 130;
const FAULT = 70;
/** Nobody waits longer for the end that they asked for. */
const END_WITHIN_MS = 800;

const given = new AbortController();
let lingers = false;
// The first Ctrl-C cancels the running call, the second ends the process as it would any other.
process.once('SIGINT', () => {
  given.abort();
  if (!lingers) setTimeout(() => process.exit(CANCELLED), END_WITHIN_MS).unref();
});
// A reader such as `head` has seen enough.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(process.exitCode ?? 0);
  });
// What nobody foresaw is one line, too: a stack is of no use to whoever types a command.
const fault = (thrown: unknown): never => {
  process.stderr.write(`labmesh: Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`);
  process.exit(FAULT);
};
process.on('uncaughtException', fault).on('unhandledRejection', fault);

const env = readEnvironment();
// Nobody else has a use for it.
const pager = process.stdout.isTTY ? await import('./output/pager.js') : undefined;
process.exitCode = await runCli(process.argv.slice(2), {
  env,
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  openBrowser: async (url) => (await import('./open-browser.js')).openBrowser(url),
  ...(pager === undefined ? {} : { page: (text, named) => pager.paged(text, { pager: named, env }) }),
  signal: given.signal,
  lingers: () => {
    lingers = true;
  },
});
