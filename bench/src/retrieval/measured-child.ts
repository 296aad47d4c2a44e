// What the processes that index and ask have in common: what they spend, how they are asked, and how they tell it.
import { quantile, timed } from '../timed.js';

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

type Indexed = Omit<IndexingFigures, 'rssBytes'>;
type Asked = Omit<AskingFigures, 'rssBytes'>;

/** Of pieces of work, without what is done between them. */
export class Spent {
  #wallMs = 0;
  #cpuMicros = 0;

  async on(work: () => Promise<void>): Promise<void> {
    const [started, before] = [performance.now(), process.cpuUsage()];
    await work();
    const { user, system } = process.cpuUsage(before);
    this.#wallMs += performance.now() - started;
    this.#cpuMicros += user + system;
  }

  of(passages: number): Indexed {
    return {
      passagesPerSecond: (passages / this.#wallMs) * 1_000,
      cpuMicrosPerPassage: this.#cpuMicros / passages,
    };
  }
}

interface Asking<T> {
  readonly open: () => Promise<T>;
  readonly questions: number;
  /** Asked before those that count, with numbers after theirs. */
  readonly warmUp: number;
  readonly ask: (opened: T, at: number) => unknown;
}

export async function asked<T extends { close(): void }>({ open, questions, warmUp, ask }: Asking<T>): Promise<Asked> {
  const started = performance.now();
  const opened = await open();
  const openMs = performance.now() - started;
  for (let at = questions; at < questions + warmUp; at += 1) ask(opened, at);
  const before = process.cpuUsage();
  const times = await timed(questions, (at) => ask(opened, at));
  const { user, system } = process.cpuUsage(before);
  opened.close();
  return {
    openMs,
    p50Ms: quantile(times, 0.5) / 1_000,
    p99Ms: quantile(times, 0.99) / 1_000,
    cpuMsPerQuestion: (user + system) / 1_000 / questions,
  };
}

/** Two steps, each in a process of its own: `index <folder> <passages>`, `ask <folder>`. The answer is one message. */
export async function told(steps: {
  readonly index: (folder: string, passages: number) => Promise<Indexed>;
  readonly ask: (folder: string) => Promise<Asked>;
}): Promise<void> {
  const [step = '', folder = '', passages = '0'] = process.argv.slice(2);
  const done = step === 'index' ? await steps.index(folder, Number(passages)) : await steps.ask(folder);
  process.send?.({ ...done, rssBytes: process.resourceUsage().maxRSS * 1_024 }, () => process.disconnect());
}
