// npm runs a script behind a shell. When npm is ended (`kill`, a supervisor), that shell ends and what it ran would go on, and hold
// its data folder: so that ends itself, as if it had been asked to.
import { readFileSync } from 'node:fs';
import process from 'node:process';

const LOOK_MS = 300;

/** Watches what started this process, where that was `npm start`. */
export function endWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return;
  const before = startedBy();
  const watch = setInterval(() => {
    if (startedBy() === before) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, LOOK_MS).unref();
}

/** The shell, and npm above it where the system tells: a shell outlives an npm that crashed. */
function startedBy() {
  const shell = process.ppid;
  try {
    const [, npm] = /^\d+ \(.*\) \S+ (\d+)/s.exec(readFileSync(`/proc/${shell}/stat`, 'utf8')) ?? [];
    return `${shell} ${npm}`;
  } catch {
    return `${shell}`;
  }
}
