// Tells the mesh of errors that this process logs: gathered for a moment, with how many there were of each on the day, so that what is
// told twice is the same. Bounded; while the bus is away it waits, and says nothing of it in the log, which would never end.
import type { Bus } from '@labmesh/bus';
import { errorsLogged, LOGGED_ERROR_CHARACTERS, type LoggedError } from '@labmesh/contracts';
import { newId } from './ids.js';
import { redactSecrets } from './redaction.js';

const GATHER_MS = 1_000;
const RETRY_MS = 10_000;
/** Kinds of one day: a program that makes up its messages tells of the first. */
const KINDS_MAX = 500;
const BATCH_MAX = 50;
const DAY_CHARACTERS = 10;

interface Kind {
  readonly text: string;
  readonly tool: string | undefined;
  lines: number;
  told: number;
}

/** One line of the log, as it was given to it. */
export interface LoggedLine {
  readonly said: string;
  readonly err: unknown;
  readonly tool: string | undefined;
}

export class LoggedErrors {
  readonly #kinds = new Map<string, Kind>();
  readonly #process = newId();
  #bus: Pick<Bus, 'publish'> | undefined;
  #day = '';
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  #closed = false;

  constructor(
    private readonly service: string,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** From now on they can be told. */
  by(bus: Pick<Bus, 'publish'>): void {
    this.#bus = bus;
    this.#in(GATHER_MS);
  }

  note({ said, err, tool }: LoggedLine): void {
    const day = this.now().toISOString().slice(0, DAY_CHARACTERS);
    if (day !== this.#day) {
      this.#day = day;
      this.#kinds.clear();
    }
    const text = textOf(said, err);
    const kind = this.#kinds.get(`${tool} ${text}`);
    if (kind !== undefined) kind.lines += 1;
    else if (this.#kinds.size < KINDS_MAX) this.#kinds.set(`${tool} ${text}`, { text, tool, lines: 1, told: 0 });
    this.#in(GATHER_MS);
  }

  /** Tells of what is left, once. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#sending;
    await this.#send();
  }

  #in(ms: number): void {
    if (this.#closed || this.#bus === undefined || this.#timer !== undefined || this.#untold().length === 0) return;
    this.#timer = setTimeout(() => {
      this.#sending = this.#send().then((sent) => {
        this.#timer = undefined;
        this.#in(sent ? GATHER_MS : RETRY_MS);
      });
    }, ms);
    this.#timer.unref();
  }

  #untold(): Kind[] {
    return [...this.#kinds.values()].filter(({ lines, told }) => lines > told).slice(0, BATCH_MAX);
  }

  /** @returns false when the bus took nothing */
  async #send(): Promise<boolean> {
    const kinds = this.#untold();
    if (kinds.length === 0 || this.#bus === undefined) return true;
    const errors = kinds.map(
      ({ text, tool, lines }): LoggedError => ({
        text,
        lines,
        ...(tool === undefined ? {} : { tool }),
      }),
    );
    try {
      await this.#bus.publish(errorsLogged, { service: this.service, process: this.#process, day: this.#day, errors });
    } catch {
      return false;
    }
    for (const [at, kind] of kinds.entries()) kind.told = errors[at]?.lines ?? 0;
    return true;
  }
}

/** `tool failed: TypeError: x is not a function` */
function textOf(said: string, err: unknown): string {
  const words = err instanceof Error ? [said, `${err.name}: ${err.message}`] : [said];
  const line = words
    .filter((part) => part !== '')
    .join(': ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return redactSecrets(line).slice(0, LOGGED_ERROR_CHARACTERS) || 'an error without a word';
}
