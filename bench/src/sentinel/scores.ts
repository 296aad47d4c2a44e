// What a score costs: of its thread, of the event loop, and from the call to its score and back when calls come one by one.
// The calls are those of a simulated lab. An empty thread that is asked beside it shows what the way there and back takes.
import { once } from 'node:events';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { BehaviourWindows, callTexts, ModelScorer, ScoringThread } from '@labmesh/anomaly';
import { textFieldsOfTool } from '@labmesh/contracts';
import { type SimulatedCall, SimulatedLab } from '@labmesh/traffic';
import { atMost, type Figure, round } from '../report.js';
import { median, timed } from '../timed.js';
import type { Part } from './part.js';

const MODELS = fileURLToPath(new URL('../../../apps/sentinel/models/', import.meta.url));
const SEED = 900;
const DAYS = 8;
const WARM_UP = 500;
const P50_MAX_US = 200;
const BLOCKED_MAX_MS = 50;
const BURST = 20_000;
const ECHO =
  "const { parentPort } = require('node:worker_threads'); parentPort.on('message', (sent) => parentPort.postMessage(sent));";
const EMPTY_ROUNDS = 5_000;

type Ask = (call: SimulatedCall) => Promise<unknown>;

/** p50, microseconds. */
interface ScoreTimes {
  readonly thereAndBack: number;
  readonly thread: number;
  readonly loop: number;
}

/** One call after the other. */
async function oneByOne(thread: ScoringThread, calls: readonly SimulatedCall[], ask: Ask): Promise<ScoreTimes> {
  const times = { thereAndBack: [] as number[], thread: [] as number[], loop: [] as number[] };
  for (const [at, call] of calls.entries()) {
    const [busy, start] = [thread.busyMs, performance.now()];
    const asked = ask(call);
    const handed = performance.now();
    await asked;
    if (at >= WARM_UP) {
      times.thereAndBack.push((performance.now() - start) * 1_000);
      times.thread.push((thread.busyMs - busy) * 1_000);
      times.loop.push((handed - start) * 1_000);
    }
    if (at % 100 === 0) await nextTurn();
  }
  return { thereAndBack: median(times.thereAndBack), thread: median(times.thread), loop: median(times.loop) };
}

/** A message to a thread that does nothing, and back: p50, microseconds. */
async function emptyThread(): Promise<number> {
  const worker = new Worker(ECHO, { eval: true });
  const times = await timed(EMPTY_ROUNDS, () => {
    worker.postMessage([{ id: 1, data: new Float32Array(60) }]);
    return once(worker, 'message');
  });
  await worker.terminate();
  return median(times);
}

/** All at once, far more than may wait: the oldest are given up, and the loop goes on. */
async function burst(models: readonly ModelScorer[], calls: readonly SimulatedCall[], ask: Ask) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const start = performance.now();
  const asked: Promise<unknown>[] = [];
  const dropped = (): number => models.reduce((sum, model) => sum + model.dropped, 0);
  const before = dropped();
  for (let at = 0; at < BURST; at++) {
    const call = calls[at % calls.length];
    if (call !== undefined) asked.push(ask(call));
    // A process gets calls by its sockets, some per turn.
    if (at % 32 === 31) await nextTurn();
  }
  await Promise.all(asked);
  const seconds = (performance.now() - start) / 1_000;
  delay.disable();
  return { seconds, dropped: dropped() - before, blockedMs: delay.percentile(99) / 1e6 };
}

export async function scores(): Promise<Part> {
  await using thread = new ScoringThread();
  const contentModel = await ModelScorer.open(thread, `${MODELS}content.onnx`);
  const behaviourModel = await ModelScorer.open(thread, `${MODELS}behaviour.onnx`);
  const windows = new BehaviourWindows();
  const ofDeeds: Ask = (call) => behaviourModel.score({ numbers: windows.observe(call) });
  const textsOf = (call: SimulatedCall) => callTexts(call.arguments, textFieldsOfTool(call));
  const ofText: Ask = (call) =>
    Promise.all(textsOf(call).map(({ field, text }) => contentModel.score({ text, categories: [field] })));
  const ofBoth: Ask = (call) => Promise.all([ofText(call), ofDeeds(call)]);
  const calls = [...new SimulatedLab({ seed: SEED, days: DAYS }).calls()];
  const texts = calls.filter((call) => textsOf(call).length > 0);
  const both = await oneByOne(thread, calls, ofBoth);
  const content = await oneByOne(thread, texts, ofText);
  const behaviour = await oneByOne(thread, calls, ofDeeds);
  const empty = await emptyThread();
  const full = await burst([contentModel, behaviourModel], calls, ofBoth);
  const figure = (name: string, { thereAndBack, thread: ofThread, loop }: ScoreTimes): Figure => ({
    case: `${name}, beside a message to an empty thread and back`,
    values: {
      'p50 us': round(thereAndBack),
      'of it in its thread': round(ofThread),
      'on the event loop': round(loop),
      'baseline p50 us': round(empty),
      x: round(thereAndBack / empty),
    },
  });
  return {
    figures: [
      figure('score of content and behaviour', both),
      figure('score of content', content),
      figure('score of behaviour', behaviour),
      {
        case: `${BURST} calls scored as fast as they come`,
        values: {
          'calls/s': round(BURST / full.seconds),
          'scores given up': full.dropped,
          'loop blocked p99 ms': round(full.blockedMs),
        },
      },
    ],
    floors: [
      atMost('score of content, in its thread: p50 us', round(content.thread), P50_MAX_US),
      atMost('score of behaviour, in its thread: p50 us', round(behaviour.thread), P50_MAX_US),
      atMost('loop blocked while more is to be scored than can be: p99 ms', round(full.blockedMs), BLOCKED_MAX_MS),
    ],
  };
}
