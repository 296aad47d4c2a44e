// What the thread that looks a project through, and whoever started it, tell each other.
import type { ErrorCodeName } from '@labmesh/contracts';
import type { ProjectFile } from '../project-file.js';
import type { Asked, Looked } from './look-through.js';
import type { DiskFacts } from './project/project.js';

export interface Subject {
  readonly files: readonly ProjectFile[];
  readonly disk?: DiskFacts;
}

export interface LookedAt {
  readonly subject: Subject;
  readonly asked: Omit<Asked, 'signal'>;
  /** Which of what only the lab knows can be asked. */
  readonly knows: {
    readonly wallet: string | undefined;
    readonly labUrl: string | undefined;
    readonly walletState: boolean;
    readonly answers: boolean;
  };
}

export interface Failure {
  readonly code: ErrorCodeName;
  readonly message: string;
}

export interface Asking {
  readonly kind: 'ask';
  readonly id: number;
  readonly what: 'walletState' | 'answers';
  readonly value: string;
}

/** From the thread. */
export type Told =
  | Asking
  | { readonly kind: 'looked'; readonly looked: Looked }
  | { readonly kind: 'failed'; readonly failure: Failure };

/** To the thread. */
export interface Answered {
  readonly id: number;
  readonly answer?: unknown;
  readonly failure?: Failure;
}
