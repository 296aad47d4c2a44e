// Brings together what may be handed over together: attempts of one array, with the same resources, that come within a moment.
// What is of no array never waits, and nothing waits once no other can come.
import type { AttemptToRun } from '@labmesh/jobs';

/** What one attempt takes of a submission's bounds. */
export interface Weight {
  readonly markBytes: number;
  readonly scriptBytes: number;
}

export interface Bounds extends Weight {
  readonly tasks: number;
}

export interface GatheringOptions {
  readonly gatherMs: number;
  /** Of attempts that may go together. */
  readonly kindOf: (attempt: AttemptToRun) => string;
  readonly weightOf: (attempt: AttemptToRun) => Weight;
  readonly bounds: () => Bounds;
  /** Answers for each its handle, in their order. */
  readonly submit: (attempts: readonly AttemptToRun[]) => readonly Promise<string>[];
}

interface Group {
  readonly members: Member[];
  readonly timer: NodeJS.Timeout;
  markBytes: number;
  scriptBytes: number;
}

interface Member {
  readonly attempt: AttemptToRun;
  readonly answer: (handle: Promise<string>) => void;
}

export class Gathering {
  readonly #groups = new Map<string, Group>();

  constructor(private readonly options: GatheringOptions) {}

  /** Resolves to its handle; rejects with what kept it alone from being submitted. */
  add(attempt: AttemptToRun): Promise<string> {
    return new Promise((answer) => this.#join({ attempt, answer }));
  }

  #join(member: Member): void {
    const { kindOf, weightOf, bounds } = this.options;
    const { attempt } = member;
    const most = bounds();
    const runs = Math.min(attempt.array?.count ?? 1, most.tasks);
    if (runs <= 1) {
      this.#hand([member]);
      return;
    }
    const key = `${attempt.array?.arrayId} ${kindOf(attempt)}`;
    const weight = weightOf(attempt);
    const found = this.#groups.get(key);
    if (found !== undefined && !hasRoom(found, weight, most)) this.#close(key);
    const group = this.#groups.get(key) ?? this.#open(key);
    group.members.push(member);
    group.markBytes += weight.markBytes;
    group.scriptBytes += weight.scriptBytes;
    if (group.members.length >= runs) this.#close(key);
  }

  #open(key: string): Group {
    const timer = setTimeout(() => this.#close(key), this.options.gatherMs);
    const group: Group = { members: [], timer, markBytes: 0, scriptBytes: 0 };
    this.#groups.set(key, group);
    return group;
  }

  #close(key: string): void {
    const group = this.#groups.get(key);
    if (group === undefined) return;
    this.#groups.delete(key);
    clearTimeout(group.timer);
    // Turns go by index, and Slurm begins an array's tasks in their order.
    this.#hand(group.members.toSorted((a, b) => indexOf(a) - indexOf(b)));
  }

  #hand(members: readonly Member[]): void {
    const handles = this.options.submit(members.map(({ attempt }) => attempt));
    for (const [at, { answer }] of members.entries()) answer(handles[at] as Promise<string>);
  }
}

const indexOf = ({ attempt }: Member): number => attempt.array?.index ?? 0;

const hasRoom = (group: Group, { markBytes, scriptBytes }: Weight, most: Bounds): boolean =>
  group.markBytes + markBytes <= most.markBytes && group.scriptBytes + scriptBytes <= most.scriptBytes;
