// Takes files from a git repository, at one commit. It asks hosts that the operator listed and no
// others, wherever they redirect; it runs no git, no hook and no filter, and keeps nothing.
import { promises as fs } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import git from 'isomorphic-git';
import { byPath, type ProjectFile } from '../project-file.js';
import { gitHttp } from './git-http.js';
import type { GitPurpose } from './git-purpose.js';

export interface GitPlace {
  readonly url: string;
  /** A commit by its id, or a branch or tag, which then is what it is at this moment. */
  readonly ref: string;
  /** In the repository; left out, its root. */
  readonly folder?: string | undefined;
}

export interface GitFiles {
  readonly commit: string;
  readonly files: ProjectFile[];
}

const COMMIT = /^[0-9a-f]{40}$/;

/** @throws AppError forbidden for a host that is not listed; not_found, too_large, unavailable, invalid_input */
export async function filesFromGit(place: GitPlace, purpose: GitPurpose, signal: AbortSignal): Promise<GitFiles> {
  const { url, ref, folder = '' } = place;
  const http = gitHttp(purpose, signal);
  http.assertAllowed(new URL(url));
  const dir = await mkdtemp(join(tmpdir(), 'labmesh-git-'));
  try {
    const repository = { fs: { promises: fs }, dir, gitdir: join(dir, 'git') };
    await git.init({ ...repository, bare: true });
    await git.addRemote({ ...repository, remote: 'origin', url });
    const commit = await fetched({ ...repository, http, url }, ref);
    const { commit: found } = await git.readCommit({ ...repository, oid: commit });
    const parts = folder.split('/').filter((part) => part !== '');
    const tree = await subTree({ repository, purpose }, found.tree, parts);
    return { commit, files: byPath(await readTree({ repository, purpose }, tree)) };
  } catch (error) {
    throw explained(error, place, purpose.what);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** The commit that a branch or tag is now; undefined where there is none of that name. It fetches nothing. @throws AppError as filesFromGit */
export async function commitOfGit(
  { url, ref }: GitPlace,
  purpose: Pick<GitPurpose, 'hosts' | 'what' | 'instead'>,
  signal: AbortSignal,
): Promise<string | undefined> {
  const http = gitHttp(purpose, signal);
  http.assertAllowed(new URL(url));
  try {
    const found = await git.listServerRefs({ http, url, peelTags: true });
    const named = [`refs/heads/${ref}`, `refs/tags/${ref}`, ref].map((name) => found.find((one) => one.ref === name));
    const tip = named.find((one) => one !== undefined);
    return tip?.peeled ?? tip?.oid;
  } catch (error) {
    throw explained(error, { url, ref }, purpose.what);
  }
}

type Repository = { fs: { promises: typeof fs }; dir: string; gitdir: string };

interface Reading {
  readonly repository: Repository;
  readonly purpose: GitPurpose;
}

/** The commit, fetched alone where the server gives it by that name; else with everything that its branches and tags hold. */
async function fetched(
  from: Repository & { http: ReturnType<typeof gitHttp>; url: string },
  ref: string,
): Promise<string> {
  try {
    const { fetchHead } = await git.fetch({ ...from, ref, depth: 1, singleBranch: true, tags: false });
    const commit = COMMIT.test(ref) ? ref : (fetchHead ?? '');
    await git.readCommit({ ...from, oid: commit });
    return commit;
  } catch (error) {
    if (error instanceof AppError || !COMMIT.test(ref)) throw error;
    await git.fetch({ ...from, singleBranch: false, tags: true });
    return ref;
  }
}

async function subTree({ repository, purpose }: Reading, tree: string, parts: readonly string[]): Promise<string> {
  let at = tree;
  for (const part of parts) {
    const entry = (await git.readTree({ ...repository, oid: at })).tree.find(({ path }) => path === part);
    if (entry?.type !== 'tree')
      throw new AppError('not_found', `Cannot take ${purpose.what}: the commit has no folder ${parts.join('/')}.`);
    at = entry.oid;
  }
  return at;
}

async function readTree({ repository, purpose }: Reading, oid: string): Promise<ProjectFile[]> {
  const { what, limits, wanted } = purpose;
  const files: ProjectFile[] = [];
  let total = 0;
  const walk = async (tree: string, below: string): Promise<void> => {
    for (const { path: name, oid: inner, type, mode } of (await git.readTree({ ...repository, oid: tree })).tree) {
      const path = `${below}${name}`;
      if (type === 'tree') {
        await walk(inner, `${path}/`);
        continue;
      }
      if (wanted?.(path) === false) continue;
      if (type !== 'blob' || mode === '120000') {
        if (wanted !== undefined) continue;
        throw new AppError('invalid_input', `Cannot take ${what}: ${path} is a link or another repository.`);
      }
      const { blob } = await git.readBlob({ ...repository, oid: inner });
      total += blob.byteLength;
      if (files.length >= limits.files || total > limits.bytes)
        throw new AppError(
          'too_large',
          `Cannot take ${what}: it has more than ${limits.files} files or ${limits.bytes} bytes.`,
        );
      files.push({ path, bytes: blob, executable: mode === '100755' });
    }
  };
  await walk(oid, '');
  return files;
}

function explained(error: unknown, { url, ref }: GitPlace, what: string): AppError {
  if (error instanceof AppError) return error;
  const { code = '', caller = '', message = '' } = error as { code?: string; caller?: string; message?: string };
  const { host } = new URL(url);
  if (code === 'NotFoundError')
    return new AppError(
      'not_found',
      `Cannot take ${what}: ${host} has no ${COMMIT.test(ref) ? 'commit' : 'branch or tag'} ${ref} there.`,
      { cause: error },
    );
  if (code === 'HttpError')
    return new AppError(
      'not_found',
      `Cannot take ${what}: ${host} answers ${message.slice(0, 80)} to ${caller}. Is the address right, and the repository public?`,
      { cause: error },
    );
  return new AppError('unavailable', `Cannot take ${what} from ${host}: ${message.slice(0, 120)}.`, {
    cause: error,
  });
}
