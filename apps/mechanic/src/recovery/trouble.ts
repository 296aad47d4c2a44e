// One thing that has gone wrong and can be mended. Looking for it changes nothing.
import type { RecoveryKind } from '@labmesh/contracts';

export interface Trouble {
  readonly kind: RecoveryKind;
  /** What it is about: twice the same is the same trouble. */
  readonly target: string;
  readonly why: string;
  /** Mends it, and says what came of it; safe when it was mended meanwhile. Throws when it cannot be. */
  readonly mend: () => Promise<string>;
}

/** Looks for troubles of some kinds. */
export interface Finder {
  readonly kinds: readonly RecoveryKind[];
  find(): Promise<Trouble[]>;
}
