// The embedded database: PGlite on a thread of its own, so that a long query never stops the process's event loop.
// It answers wire-protocol bytes with wire-protocol bytes and must know nothing of SQL, pools or agents.
import { setFlagsFromString } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { CREATE, START } from './settings.mjs';

// V8 compiles a function of the engine anew, and better, once this many bytes of it have run. Its own limit (1.8 million) does
// that to most of what a start runs once; with this one only what goes on running gets it. A start takes two thirds of the
// processor time, the process 40 MB less of memory, and 15,000 statements take no longer (docs/performance.md).
setFlagsFromString('--wasm-tiering-budget=100000000');

const db = await PGlite.create({
  ...(workerData.folder ? { dataDir: workerData.folder } : {}),
  startParams: START,
  initDbStartParams: CREATE,
});

async function exchange(request) {
  const chunks = [];
  // The bytes lie in the engine's memory and change with the next call: copy them.
  await db.execProtocolRawStream(request, { onRawData: (bytes) => chunks.push(bytes.slice()) });
  if (chunks.length === 1) return chunks[0];
  const reply = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    reply.set(chunk, offset);
    offset += chunk.length;
  }
  return reply;
}

parentPort.on('message', async ({ id, request }) => {
  try {
    const reply = request ? await exchange(request) : new Uint8Array(0);
    if (!request) await db.close(); // a message without a request is the last one
    parentPort.postMessage({ id, reply }, [reply.buffer]);
  } catch (error) {
    parentPort.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
  }
});
parentPort.postMessage({ ready: true });
