// One reader's way through the logs of a job, part by part and from attempt to attempt: where it is, and whether it is at the end.
import { setTimeout as pause } from 'node:timers/promises';
import type { JobState } from '@labmesh/contracts';
import { LOOK_MS, type LoggedJob, type LogReader, type PlacedPiece, type StreamChoice } from '@labmesh/jobs';

export interface WalkPlace {
  readonly number: number;
  readonly place: number;
}

export interface WalkWanted {
  readonly jobId: string;
  readonly stream: StreamChoice;
  /** This attempt alone; else later ones too. */
  readonly attempt: number | undefined;
}

export class LogWalk {
  #ended = false;
  #state: JobState;

  /** @param at undefined while the job has no attempt */
  constructor(
    private readonly reader: LogReader,
    private readonly wanted: WalkWanted,
    job: LoggedJob,
    private at: WalkPlace | undefined,
  ) {
    this.#state = job.state;
    this.#ended = at === undefined && job.ended;
  }

  /** The job has ended, or the attempt that alone is wanted, and all of it was told. */
  get ended(): boolean {
    return this.#ended;
  }

  get state(): JobState {
    return this.#state;
  }

  get cursor(): string {
    return cursorOf(this.at ?? { number: this.wanted.attempt ?? 1, place: 0 });
  }

  /** What comes next; with `wait` after a while at most, empty when nothing came. Goes on behind it. */
  async next(wait: boolean): Promise<readonly PlacedPiece[]> {
    const { jobId, stream } = this.wanted;
    if (this.at === undefined && !(await this.#advance(wait))) return [];
    const at = this.at as WalkPlace;
    const { pieces, next, over } = await this.reader.part({ jobId, number: at.number }, at.place, wait);
    this.at = { ...at, place: next };
    if (over) await this.#advance(wait);
    return stream === 'both' ? pieces : pieces.filter(({ piece }) => piece.stream === stream);
  }

  /** Not all of what came was told: goes on behind this piece. */
  backTo({ piece, end }: Pick<PlacedPiece, 'piece' | 'end'>): void {
    this.at = { number: piece.attempt, place: end };
    this.#ended = false;
  }

  /** To the next attempt, or the end. False when there is neither yet. */
  async #advance(wait: boolean): Promise<boolean> {
    const { jobId, attempt } = this.wanted;
    const job = await this.reader.job(jobId);
    if (job === undefined) return false;
    this.#state = job.state;
    const next = attempt ?? (this.at?.number ?? 0) + 1;
    const there = job.attempts.some(({ number }) => number === next);
    if (there && next !== this.at?.number) {
      this.at = { number: next, place: 0 };
      return true;
    }
    this.#ended = job.ended || there;
    if (wait && !this.#ended) await pause(LOOK_MS);
    return false;
  }
}

export const cursorOf = ({ number, place }: WalkPlace): string => `${number}:${place}`;

export function placeOf(cursor: string): WalkPlace {
  const [number = 1, place = 0] = cursor.split(':').map(Number);
  return { number, place };
}
