// The door of @labmesh/projects/git: files from repositories, for those who take any. The client for git is loaded with the first.
import type { filesFromGit as taken, commitOfGit as tip } from './git-source.js';

export { type GitHost, GitHosts } from './git-hosts.js';
export type { GitPurpose } from './git-purpose.js';
export type { GitFiles, GitPlace } from './git-source.js';

/** As `git-source.ts` says. */
export const filesFromGit: typeof taken = async (...asked) => (await import('./git-source.js')).filesFromGit(...asked);
export const commitOfGit: typeof tip = async (...asked) => (await import('./git-source.js')).commitOfGit(...asked);
