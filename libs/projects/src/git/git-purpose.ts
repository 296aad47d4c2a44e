// What files of a repository are for, as whoever takes them says it.
import type { GitHost } from './git-hosts.js';

/** For what files are taken, and from where they may be. */
export interface GitPurpose {
  readonly hosts: readonly GitHost[];
  /** As refusals name it, such as `the template`. */
  readonly what: string;
  /** What to do when a host is not listed. */
  readonly instead: string;
  readonly limits: { readonly files: number; readonly bytes: number };
  /** Files that are wanted; left out, all of them, and a link or another repository among them is refused. */
  readonly wanted?: (path: string) => boolean;
}
