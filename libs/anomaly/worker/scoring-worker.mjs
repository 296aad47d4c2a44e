// Models in a thread of their own: tensors come in, tensors go out. Knows nothing of calls, texts or thresholds;
// src/scoring-thread.ts is its other end.
import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** One thread per session: several would only wait for each other, and take the cores of others. */
const OPTIONS = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
};
const sessions = new Map();

async function load({ model, bytes }) {
  sessions.set(model, await InferenceSession.create(bytes, OPTIONS));
  return {};
}

async function run({ model, feeds }) {
  const session = sessions.get(model);
  const tensors = {};
  for (const { name, type, data, dims } of feeds) tensors[name] = new Tensor(type, data, dims);
  const found = await session.run(tensors);
  const outputs = {};
  for (const [name, tensor] of Object.entries(found)) outputs[name] = tensor.data;
  return outputs;
}

async function reply(task) {
  try {
    return { id: task.id, answer: await ('bytes' in task ? load(task) : run(task)) };
  } catch (error) {
    return { id: task.id, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function replyToAll(tasks) {
  const began = performance.now();
  const replies = await Promise.all(tasks.map(reply));
  parentPort.postMessage({ replies, tookMs: performance.now() - began });
}

let underWay = Promise.resolve();

parentPort.on('message', (message) => {
  underWay = underWay.then(() => (message === 'close' ? parentPort.close() : replyToAll(message)));
});
