// A process that indexes synthetic passages in a folder and answers questions: alone, so that its memory is the index's.
import { indexTerms, SearchIndex, tokenize } from '@labmesh/search';
import { quantile, timed } from '../timed.js';
import { Synthetic } from './synthetic.js';

export interface IndexingFigures {
  readonly passagesPerSecond: number;
  readonly cpuMicrosPerPassage: number;
  readonly rssBytes: number;
}

/** Of the index as it was opened from the folder, with questions that were not asked before. */
export interface AskingFigures {
  readonly openMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly cpuMsPerQuestion: number;
  readonly rssBytes: number;
}

const FIELDS = {
  heading: { weight: 2, lengthShare: 0.5 },
  body: { weight: 1, lengthShare: 0.75 },
} as const;
const PASSAGES_PER_DOCUMENT = 10;
const COMMIT_EVERY = 20_000;
const QUESTIONS = 400;
const LIMIT = 10;

async function index(folder: string, passages: number): Promise<Omit<IndexingFigures, 'rssBytes'>> {
  const synthetic = new Synthetic(17);
  const search = SearchIndex.open(FIELDS, folder);
  let [wallMs, cpuMicros] = [0, 0];
  for (let at = 0; at < passages; at += COMMIT_EVERY) {
    const documents = Array.from({ length: Math.min(COMMIT_EVERY, passages - at) / PASSAGES_PER_DOCUMENT }, () => ({
      heading: synthetic.question(),
      passages: Array.from({ length: PASSAGES_PER_DOCUMENT }, () => synthetic.passage()),
    }));
    const [started, cpu] = [performance.now(), process.cpuUsage()];
    for (const [number, document] of documents.entries()) {
      const heading = indexTerms(document.heading);
      search.put(
        `document-${at + number}`,
        document.passages.map((text) => ({ heading, body: indexTerms(text) })),
      );
    }
    await search.maintain();
    search.commit(String(at));
    const { user, system } = process.cpuUsage(cpu);
    wallMs += performance.now() - started;
    cpuMicros += user + system;
  }
  search.close();
  return { passagesPerSecond: (passages / wallMs) * 1_000, cpuMicrosPerPassage: cpuMicros / passages };
}

async function ask(folder: string): Promise<Omit<AskingFigures, 'rssBytes'>> {
  const started = performance.now();
  const search = SearchIndex.open(FIELDS, folder);
  const openMs = performance.now() - started;
  const synthetic = new Synthetic(71);
  const questions = Array.from({ length: QUESTIONS }, () => tokenize(synthetic.question()));
  const before = process.cpuUsage();
  const times = await timed(QUESTIONS, (at) => search.search({ terms: questions[at] ?? [], limit: LIMIT }));
  const { user, system } = process.cpuUsage(before);
  search.close();
  return {
    openMs,
    p50Ms: quantile(times, 0.5) / 1_000,
    p99Ms: quantile(times, 0.99) / 1_000,
    cpuMsPerQuestion: (user + system) / 1_000 / QUESTIONS,
  };
}

/** Two steps, each in a process of its own: `index <folder> <passages>`, `ask <folder>`. The answer is one message. */
const [step = '', folder = '', passages = '0'] = process.argv.slice(2);
const done = step === 'index' ? await index(folder, Number(passages)) : await ask(folder);
const told = { ...done, rssBytes: process.resourceUsage().maxRSS * 1_024 };
process.send?.(told, () => process.disconnect());
