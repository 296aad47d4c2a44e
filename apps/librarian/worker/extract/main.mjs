// The Librarian's reader of strange files: a process of its own, so that no file can end the lab, hold it up or fill its memory.
// The work is done in a thread; this one only watches its memory and ends the process. Its other end is src/sources/extraction.
import process from 'node:process';
import { Worker } from 'node:worker_threads';

const WATCH_MS = 50;

const [, , rssMax, heapMaxMb] = process.argv;
const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
  resourceLimits: { maxOldGenerationSizeMb: Number(heapMaxMb) },
});

function endFor(reason) {
  process.send({ ended: reason }, () => process.kill(process.pid, 'SIGKILL'));
}

setInterval(() => {
  if (process.memoryUsage.rss() > Number(rssMax)) endFor('memory');
}, WATCH_MS).unref();

worker.on('message', (reply) => process.send(reply));
worker.on('error', (error) =>
  endFor(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : `a fault: ${error.message}`),
);
process.on('message', (task) => worker.postMessage(task));
// The Librarian is gone.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
