// The program of a process that makes one model: a thread does the work, the process watches its memory and ends itself. So no file
// can end the lab, hold it up or fill its memory. Its other end is `conversion-elsewhere.ts`.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { AppError } from '@labmesh/contracts';
import { convert } from './conversion.js';
import { GRAPH_FILE, type Heard, TOKENIZER_FILE } from './conversion-messages.js';

const WATCH_MS = 50;

async function converted(folder: string, tell: (heard: Heard) => void): Promise<void> {
  try {
    const { graph, tokenizer, card } = await convert(folder, (step) => tell({ step }));
    await writeFile(join(folder, GRAPH_FILE), graph);
    await writeFile(join(folder, TOKENIZER_FILE), JSON.stringify(tokenizer));
    tell({ card });
  } catch (error) {
    const { code, message } = error instanceof AppError ? error : new AppError('internal', String(error));
    tell({ refused: { code, message } });
  }
}

function watch(folder: string, rssMax: number): void {
  const endFor = (ended: string): void => {
    process.send?.({ ended } satisfies Heard, () => process.kill(process.pid, 'SIGKILL'));
  };
  setInterval(() => {
    if (process.memoryUsage.rss() > rssMax) endFor('memory');
  }, WATCH_MS).unref();
  const worker = new Worker(new URL(import.meta.url), { workerData: { folder } });
  worker.on('message', (heard: Heard) => process.send?.(heard));
  worker.on('error', (error: NodeJS.ErrnoException) =>
    endFor(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? 'memory' : error.message),
  );
  // Whoever asked is gone.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
}

if (isMainThread) watch(process.argv[2] ?? '', Number(process.argv[3]));
else await converted((workerData as { folder: string }).folder, (heard) => parentPort?.postMessage(heard));
