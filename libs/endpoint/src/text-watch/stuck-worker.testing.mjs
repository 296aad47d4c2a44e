// A scoring thread for tests that loads a model and then never answers again. It never ends by itself.
import { parentPort } from 'node:worker_threads';

parentPort.on('message', (message) => {
  if (message === 'close') return;
  const loads = message.filter((task) => 'bytes' in task);
  if (loads.length > 0) parentPort.postMessage({ replies: loads.map(({ id }) => ({ id, answer: {} })), tookMs: 0 });
});
