// One model in a thread of its own: ids of a text's tokens come in, its vector goes out. Knows nothing of texts;
// src/encoder-thread.ts is its other end.
import { parentPort, workerData } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** One thread: others would take the cores of the lab. Memory is given back between runs, which have many lengths. */
const OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  enableCpuMemArena: false,
  enableMemPattern: false,
};

const problemOf = (error) => (error instanceof Error ? error.message : String(error));

async function encode(session, ids) {
  const { vector } = await session.run({ ids: new Tensor('int64', ids, [1, ids.length]) });
  return { vector: vector.data };
}

try {
  const session = await InferenceSession.create(workerData.graph, OPTIONS);
  // The session has its own copy.
  workerData.graph = undefined;
  let underWay = Promise.resolve();
  parentPort.on('message', ({ ids }) => {
    underWay = underWay.then(async () => {
      if (ids === undefined) parentPort.close();
      else parentPort.postMessage(await encode(session, ids).catch((error) => ({ problem: problemOf(error) })));
    });
  });
  parentPort.postMessage({ ready: true });
} catch (error) {
  parentPort.postMessage({ problem: problemOf(error) });
}
