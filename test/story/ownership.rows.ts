// What a row of the ownership tables says, and how one is written.
type Args = Record<string, unknown>;

/** `refused`: with forbidden, not_found or conflict. `own`: it answers, with nothing of the other wallet. */
interface Asking {
  readonly args: Args;
  readonly ends: 'refused' | 'own';
}

export interface Row {
  /** By the member of the input that holds what is another's. */
  readonly theirs?: Readonly<Record<string, Asking>>;
  /** Members where everybody's may be named, each with the reason. */
  readonly shared?: Readonly<Record<string, string>>;
  /** A call with nothing of another's: it must tell nothing of it either. */
  readonly plain?: Args;
}

/** Of an upload that somebody else may have brought. */
export const SOMEBODYS = 'up_01920000-0000-7000-8000-000000000001';

export const refused = (args: Args): Asking => ({ args, ends: 'refused' });
export const own = (args: Args): Asking => ({ args, ends: 'own' });
