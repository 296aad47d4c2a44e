// The door of @labmesh/projects/git: files from repositories, for those who take any. Apart, as it loads a client for git.
export { type GitHost, GitHosts } from './git-hosts.js';
export type { GitPurpose } from './git-purpose.js';
export { filesFromGit, type GitFiles, type GitPlace } from './git-source.js';
