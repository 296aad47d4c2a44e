// A worker that starts one attempt, follows it into two files, and waits to be killed: for tests of what comes after.
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, stdout } from 'node:process';
import { openExecutor } from '../dist/executors/open-executor.js';

const { kind, settings, attempt, logFolder } = JSON.parse(argv[2]);
const written = { stdout: 0, stderr: 0 };
const write = async (stream, bytes) => {
  appendFileSync(join(logFolder, stream), bytes);
  written[stream] += bytes.length;
};
const executor = await openExecutor(kind, settings);
const running = await executor.start({ ...attempt, log: { written, write } });
stdout.write(`${running.handle}\n`);
await running.ended;
stdout.write('ended\n');
