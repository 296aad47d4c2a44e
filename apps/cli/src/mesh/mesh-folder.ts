// The folder of a mesh: what is where in it, and how files get there. A secret that is there is never written again; what
// follows from the secrets and the contracts is written anew each time.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';

const SECRET = 0o600;
const PUBLIC = 0o644;

export type Written = 'kept' | 'made' | 'changed';

export interface FolderChange {
  /** Relative to the folder. */
  readonly file: string;
  readonly what: Written;
}

export class MeshFolder {
  readonly path: string;
  readonly changes: FolderChange[] = [];

  constructor(path: string) {
    this.path = resolve(path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** What is there, or what `make` gives, kept from now on. @throws AppError when it can be neither read nor written */
  secret(name: string, make: () => string): string {
    const known = this.read(name);
    if (known !== undefined && known.trim() !== '') {
      this.changes.push({ file: name, what: 'kept' });
      return known.trim();
    }
    const made = make();
    this.#put(name, `${made}\n`, SECRET);
    this.changes.push({ file: name, what: 'made' });
    return made;
  }

  /** @param more `secret` for a file that only its owner may read */
  write(name: string, text: string, more: { readonly secret: boolean }): void {
    const before = this.read(name);
    if (before !== text) this.#put(name, text, more.secret ? SECRET : PUBLIC);
    this.changes.push({ file: name, what: before === undefined ? 'made' : before === text ? 'kept' : 'changed' });
  }

  /** Undefined when there is no such file. @throws AppError forbidden when it cannot be read */
  read(name: string): string | undefined {
    try {
      return readFileSync(this.file(name), 'utf8');
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new AppError('forbidden', `Cannot read ${this.file(name)}: ${(cause as Error).message}`, { cause });
    }
  }

  /** Whoever reads it meanwhile sees the old file or the new one, whole. */
  #put(name: string, text: string, mode: number): void {
    const path = this.file(name);
    const beside = `${path}.${process.pid}.new`;
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(beside, text, { mode });
      chmodSync(beside, mode);
      renameSync(beside, path);
    } catch (cause) {
      throw new AppError('forbidden', `Cannot write ${path}: ${(cause as Error).message}`, { cause });
    }
  }
}

/** 256 random bits, in letters, digits, - and _: fits into addresses as it is. */
export const newPassword = (): string => randomBytes(32).toString('base64url');
