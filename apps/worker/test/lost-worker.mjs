// A worker that starts attempts, follows each into two files, and waits to be killed: for tests of what comes after.
import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { openExecutor } from '../dist/executors/open-executor.js';

const { kind, settings, attempts, logFolder } = JSON.parse(argv[2]);
const logOf = ({ jobId }) => {
  const folder = join(logFolder, jobId);
  mkdirSync(folder);
  const written = { stdout: 0, stderr: 0 };
  const write = async (stream, bytes) => {
    appendFileSync(join(folder, stream), bytes);
    written[stream] += bytes.length;
  };
  return { written, write };
};
const executor = await openExecutor(kind, settings);
const running = await Promise.all(attempts.map((attempt) => executor.start({ ...attempt, log: logOf(attempt) })));
for (const { handle } of running) stdout.write(`${handle}\n`);
await Promise.all(running.map(({ ended }) => ended));
stdout.write('ended\n');
