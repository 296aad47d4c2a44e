// What a rule is: a value that looks a project through and says what it found. A rule reads; only a mend that it offers changes something.
import type { FINDING_SEVERITIES } from '@labmesh/contracts';
import type { Draft } from './project/draft.js';
import type { Project } from './project/project.js';
import type { WalletState } from './wallets/wallet-state.js';

/** What the lab knows. What is left out is not checked. */
export interface LabFacts {
  /** The caller's. */
  readonly wallet?: string;
  /** As clients see it, without a slash at the end. */
  readonly labUrl?: string;
  readonly walletState?: (walletId: string) => Promise<WalletState>;
  /** Undefined: nobody may ask there from here. */
  readonly answers?: (url: string) => Promise<boolean | undefined>;
}

export interface Found {
  /** Null: of the project as a whole. */
  readonly path: string | null;
  readonly line: number | null;
  /** Never the secret itself. */
  readonly message: string;
  readonly remedy: string;
  /** Mends it without losing anything; doing it twice is doing it once. */
  readonly mend?: (draft: Draft) => void;
}

export interface Rule {
  readonly id: string;
  readonly family: string;
  readonly severity: (typeof FINDING_SEVERITIES)[number];
  readonly title: string;
  /** What `mend` does, for rules that may offer one. */
  readonly fix?: string;
  readonly look: (project: Project, lab: LabFacts) => Iterable<Found> | Promise<Iterable<Found>>;
}
