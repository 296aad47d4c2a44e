// The process around the command: its streams, Ctrl-C and the exit code. Nothing else belongs here.
import { runCli } from './cli.js';
import { readEnvironment } from './config.js';

const given = new AbortController();
// The first Ctrl-C cancels the running call, the second ends the process as it would any other.
process.once('SIGINT', () => given.abort());
// A reader such as `head` has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await runCli(process.argv.slice(2), {
  env: readEnvironment(),
  cwd: process.cwd(),
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  openBrowser: async (url) => (await import('./open-browser.js')).openBrowser(url),
  signal: given.signal,
});
