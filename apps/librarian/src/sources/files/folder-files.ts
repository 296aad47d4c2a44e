// The files of a folder that the operator allows. A link is never followed, on the way to the folder or in it; nothing outside of the
// allowed folders is ever read.
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { AppError, SOURCE_LIMITS } from '@labmesh/contracts';
import { ALWAYS_IGNORED, checkedPath } from '@labmesh/projects';
import { boundedCache } from '@labmesh/runtime';
import { isReadable } from '../extraction/kinds.js';
import { type Offered, type Skipped, type SourceFile, sha256Of } from './source-file.js';

const DEPTH_MAX = 32;
/** Most entries that one look goes through, wanted or not. */
const ENTRIES_MAX = 50_000;
/** What changed so lately may change again within the clock’s step. */
const FRESH_MS = 2_000;
const KNOWN_MAX = 20_000;
/** Windows has neither of the last two; there an entry that is a link was left out before. */
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

/** Keeps the hashes of files that did not change since, so that a look at a folder reads only what is new. */
export class FolderFiles {
  readonly #known = boundedCache<string>(KNOWN_MAX);

  constructor(private readonly allowed: readonly string[]) {}

  /** @throws AppError forbidden, not_found, too_large, unavailable */
  async offer(folder: string): Promise<Offered> {
    const root = await this.#checked(folder);
    const walk: Walk = { root, name: basename(root), entries: 0, bytes: 0, files: [], skipped: [] };
    await this.#walk(walk, '', 0);
    return { files: walk.files, skipped: walk.skipped, commit: null };
  }

  /** The folder itself, when the operator allows it and no part of the way to it is a link. */
  async #checked(given: string): Promise<string> {
    const folder = resolve(given);
    const root = this.allowed.find((one) => folder === one || folder.startsWith(one.endsWith(sep) ? one : one + sep));
    if (!isAbsolute(given) || root === undefined)
      throw new AppError(
        'forbidden',
        `Cannot take the folder ${given}: the operator allows ${this.allowed.length === 0 ? 'none' : this.allowed.join(', ')}. Add it to LABMESH_KNOWLEDGE_FOLDERS for the Librarian, or upload the files.`,
      );
    const [real, realRoot] = await Promise.all([folder, root].map((each) => realpath(each).catch(() => undefined)));
    const found = await lstat(folder).catch(() => undefined);
    if (real === undefined || realRoot === undefined || found?.isDirectory() !== true)
      throw new AppError('not_found', `Cannot take the folder ${given}: there is no such folder at this Librarian.`);
    if (real !== join(realRoot, relative(root, folder)))
      throw new AppError('forbidden', `Cannot take the folder ${given}: a link is on the way to it.`);
    return real;
  }

  async #walk(walk: Walk, below: string, depth: number): Promise<void> {
    const entries = await readdir(join(walk.root, below), { withFileTypes: true }).catch((cause: unknown) => {
      throw new AppError('unavailable', `Cannot take ${join(walk.root, below)}: it cannot be read.`, { cause });
    });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      walk.entries += 1;
      if (walk.entries > ENTRIES_MAX || depth > DEPTH_MAX)
        throw tooLarge(walk.root, `more than ${ENTRIES_MAX} entries, or folders ${DEPTH_MAX} deep`);
      if (entry.name.startsWith('.') || IGNORED.has(entry.name)) continue;
      const inside = below === '' ? entry.name : `${below}/${entry.name}`;
      const path = `${walk.name}/${inside}`;
      if (entry.isDirectory()) await this.#walk(walk, inside, depth + 1);
      else if (!entry.isFile()) walk.skipped.push({ path, reason: 'it is a link, and no plain file' });
      else if (!isReadable(entry.name)) walk.skipped.push({ path, reason: 'files of this kind are not read' });
      else await this.#file(walk, inside, path);
    }
  }

  async #file(walk: Walk, inside: string, path: string): Promise<void> {
    const why = faultOf(path);
    const full = join(walk.root, inside);
    const found = await lstat(full, { bigint: true }).catch(() => undefined);
    if (found === undefined) return;
    if (why !== undefined) walk.skipped.push({ path, reason: why });
    else if (found.size > SOURCE_LIMITS.fileBytes)
      walk.skipped.push({ path, reason: `it has more than ${SOURCE_LIMITS.fileBytes} bytes` });
    else {
      walk.bytes += Number(found.size);
      const fresh = Date.now() - Number(found.ctimeMs) < FRESH_MS;
      const stamp = fresh ? undefined : `${found.dev} ${found.ino} ${found.size} ${found.ctimeNs} ${full}`;
      walk.files.push(this.#lazy(path, full, stamp));
    }
    if (walk.files.length > SOURCE_LIMITS.files) throw tooLarge(walk.root, `more than ${SOURCE_LIMITS.files} files`);
    if (walk.bytes > SOURCE_LIMITS.bytes) throw tooLarge(walk.root, `more than ${SOURCE_LIMITS.bytes} bytes`);
  }

  #lazy(path: string, full: string, stamp: string | undefined): SourceFile {
    const read = (): Promise<Uint8Array> => readPlain(full, path);
    const sha256 = async (): Promise<string> => {
      const known = stamp === undefined ? undefined : this.#known.get(stamp);
      const hash = known ?? sha256Of(await read());
      if (stamp !== undefined) this.#known.set(stamp, hash);
      return hash;
    };
    return { path, sha256, read };
  }
}

interface Walk {
  readonly root: string;
  readonly name: string;
  entries: number;
  bytes: number;
  readonly files: SourceFile[];
  readonly skipped: Skipped[];
}

const IGNORED = new Set<string>(ALWAYS_IGNORED);

/** What was looked at is what is read: the handle is the file at that very place, and no folder on the way became a link. */
async function readPlain(full: string, path: string): Promise<Uint8Array> {
  const gone = (cause?: unknown): AppError =>
    new AppError('conflict', `Cannot take ${path}: it changed meanwhile.`, { cause });
  const handle = await open(full, READ_FLAGS).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EACCES' || cause.code === 'EPERM')
      throw new AppError('unsupported_format', `Cannot take ${path}: the Librarian may not read it.`, { cause });
    throw gone(cause);
  });
  try {
    const [opened, real] = [await handle.stat(), await realpath(full).catch(gone)];
    if (!opened.isFile() || real !== full || opened.size > SOURCE_LIMITS.fileBytes) throw gone();
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}

/** Why a path cannot be one in a collection. */
export function faultOf(path: string): string | undefined {
  if (path.length > SOURCE_LIMITS.pathCharacters)
    return `its path has more than ${SOURCE_LIMITS.pathCharacters} characters`;
  try {
    checkedPath(path);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

const tooLarge = (root: string, what: string): AppError =>
  new AppError('too_large', `Cannot take the folder ${root}: it has ${what}. Take its parts one by one.`);
