// What a source has now, wherever it is: in the call, in an upload, in a folder, in a repository. It reads, and stores nothing.
import { BLOBS, type Blobs } from '@labmesh/blobs';
import { AppError, type Principal, SOURCE_LIMITS } from '@labmesh/contracts';
import { commitOfGit, filesFromGit } from '@labmesh/projects/git';
import { Inject, Injectable } from '@nestjs/common';
import { LIBRARIAN_CONFIG, type LibrarianConfig } from '../../config.js';
import { isReadable } from '../extraction/kinds.js';
import { FolderFiles, faultOf } from './folder-files.js';
import { inMemory, type Offered, type Skipped, type SourceFile } from './source-file.js';

export type Place =
  | { readonly from: 'text'; readonly name: string; readonly content: string }
  | { readonly from: 'upload'; readonly uploadId: string }
  | { readonly from: 'folder'; readonly folder: string }
  | { readonly from: 'git'; readonly url: string; readonly ref: string; readonly folder: string };

export interface OfferedPlace extends Offered {
  /** By which the same source is known again. */
  readonly place: string;
}

@Injectable()
export class Offering {
  readonly #folders: FolderFiles;

  constructor(
    @Inject(LIBRARIAN_CONFIG) private readonly config: Pick<LibrarianConfig, 'folders' | 'hosts'>,
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'uploads'>,
  ) {
    this.#folders = new FolderFiles(config.folders);
  }

  /** @throws AppError forbidden, not_found, too_large, unavailable, invalid_input */
  async offer(place: Place, { walletId }: Pick<Principal, 'walletId'>, signal: AbortSignal): Promise<OfferedPlace> {
    if (place.from === 'text') return one(place.name, Buffer.from(place.content, 'utf8'));
    if (place.from === 'folder') return { place: place.folder, ...(await this.#folders.offer(place.folder)) };
    return place.from === 'upload' ? this.#uploaded(place.uploadId, walletId) : this.#cloned(place, signal);
  }

  /** What was taken in is no longer kept as an upload. */
  async forget(uploadId: string): Promise<void> {
    await this.blobs.uploads.remove(uploadId).catch(() => undefined);
  }

  /** The commit that a branch or tag is now; undefined where it is gone. @throws AppError as offer */
  tip({ url, ref }: Place & { from: 'git' }, signal: AbortSignal): Promise<string | undefined> {
    return commitOfGit({ url, ref }, this.#purpose, signal);
  }

  get #purpose() {
    return {
      hosts: this.config.hosts,
      what: 'the repository',
      instead: 'Add it to LABMESH_KNOWLEDGE_HOSTS for the Librarian, or upload the files.',
    };
  }

  async #uploaded(uploadId: string, walletId: string): Promise<OfferedPlace> {
    const { uploads } = this.blobs;
    const found = await uploads.find(uploadId, walletId);
    if (found !== undefined && found.bytes > SOURCE_LIMITS.fileBytes)
      throw new AppError(
        'too_large',
        `Cannot take the upload ${uploadId}: it has more than ${SOURCE_LIMITS.fileBytes} bytes. Split it.`,
      );
    const pieces: Uint8Array[] = [];
    let bytes = 0;
    for await (const piece of await uploads.open(uploadId, walletId)) {
      bytes += piece.byteLength;
      if (bytes > SOURCE_LIMITS.fileBytes) break;
      pieces.push(piece);
    }
    return one(found?.name ?? uploadId, Buffer.concat(pieces));
  }

  async #cloned({ url, ref, folder }: Place & { from: 'git' }, signal: AbortSignal): Promise<OfferedPlace> {
    const skipped: Skipped[] = [];
    const repository =
      new URL(url).pathname
        .split('/')
        .filter(Boolean)
        .at(-1)
        ?.replace(/\.git$/, '') ?? 'repository';
    const { commit, files } = await filesFromGit(
      { url, ref, folder },
      {
        ...this.#purpose,
        limits: SOURCE_LIMITS,
        wanted: (path) => isReadable(path) && !/(^|\/)(\.|node_modules\/)/.test(path),
      },
      signal,
    );
    const taken: SourceFile[] = [];
    for (const { path: inside, bytes } of files) {
      const path = `${repository}/${inside}`;
      const why = faultOf(path) ?? (bytes.byteLength > SOURCE_LIMITS.fileBytes ? 'it is too large' : undefined);
      if (why === undefined) taken.push(inMemory(path, bytes));
      else skipped.push({ path, reason: why });
    }
    return { place: folder === '' ? url : `${url} ${folder}`, files: taken, skipped, commit, ref };
  }
}

function one(name: string, bytes: Uint8Array): OfferedPlace {
  const why = faultOf(name);
  if (why !== undefined) throw new AppError('invalid_input', `Cannot take ${name.slice(0, 200)}: ${why}`);
  return { place: name, files: [inMemory(name, bytes)], skipped: [], commit: null };
}
