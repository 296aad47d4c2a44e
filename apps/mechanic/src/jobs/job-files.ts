// Working files of a job become content of the Mechanic's own, in the place for bytes; nothing names it yet. Whatever is read is
// read with the rights of whoever submits, and what is large goes from place to place in pieces.

import { AgentClients } from '@labmesh/agent';
import { BLOBS, type BlobRef, BlobReferences, type Blobs } from '@labmesh/blobs';
import { AGENTS, AppError, agentOfBlob, type Call, curator, type JobSpec, mechanic } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { GivenBlobs } from './given-blobs.repository.js';

type FileOfSpec = JobSpec['files'][number];

export interface TakenFile extends BlobRef {
  readonly path: string;
  readonly mode: number;
  readonly mediaType: string;
}

const BYTES = 'application/octet-stream';
const TEXT = 'text/plain; charset=utf-8';
const [PLAIN, EXECUTABLE] = [0o644, 0o755];

@Injectable()
export class JobFiles {
  constructor(
    @Inject(BLOBS) private readonly blobs: Pick<Blobs, 'of' | 'uploads'>,
    @Inject(BlobReferences) private readonly references: BlobReferences,
    @Inject(AgentClients) private readonly clients: AgentClients<typeof mechanic>,
    @Inject(GivenBlobs) private readonly given: GivenBlobs,
  ) {}

  /** @throws AppError not_found for what the caller may not read; quota_exceeded, too_large, and what the Curator refuses with */
  async take(files: readonly FileOfSpec[], call: Call): Promise<TakenFile[]> {
    const taken: TakenFile[] = [];
    for (const file of files) {
      const { ref, mediaType } = await this.#content(file, call);
      const mode = file.executable ? EXECUTABLE : PLAIN;
      taken.push({ sha256: ref.sha256, bytes: ref.bytes, path: file.path, mode, mediaType });
    }
    return taken;
  }

  /** What became of a job needs its uploads no more; one that stays is removed when it is old. */
  async done(files: readonly FileOfSpec[]): Promise<void> {
    for (const { uploadId } of files)
      if (uploadId !== undefined) await this.blobs.uploads.remove(uploadId).catch(() => undefined);
  }

  async #content(file: FileOfSpec, call: Call): Promise<{ ref: BlobRef; mediaType: string }> {
    const { text, uploadId, blobId, datasetId } = file;
    if (text !== undefined) return { ref: await this.#put([Buffer.from(text)], call), mediaType: TEXT };
    if (uploadId !== undefined) return await this.#uploaded(uploadId, call);
    if (blobId !== undefined) return await this.#blob(blobId, call);
    if (datasetId !== undefined) return await this.#dataset({ ...file, datasetId }, call);
    throw new AppError('invalid_input', `Cannot submit the job: the file ${file.path} has no content.`);
  }

  #put(source: Parameters<BlobReferences['store']['put']>[0], call: Call): Promise<BlobRef> {
    return this.references.store.put(source, { signal: call.signal });
  }

  async #uploaded(uploadId: string, call: Call) {
    const { uploads } = this.blobs;
    const found = await uploads.find(uploadId, call.principal.walletId);
    if (found !== undefined) await this.references.refuseBeyond(call.principal, found.bytes);
    const source = await uploads.open(uploadId, call.principal.walletId);
    return { ref: await this.#put(source, call), mediaType: found?.mediaType ?? BYTES };
  }

  async #blob(blobId: string, call: Call) {
    const agent = AGENTS.find(({ name }) => name === agentOfBlob(blobId));
    if (agent === undefined) throw noBlob(blobId);
    if (agent.name === mechanic.name) {
      // It lies here already: one more name for it is enough.
      const own = await this.given.readable(blobId, call.principal);
      if (own === undefined) throw noBlob(blobId);
      return { ref: own, mediaType: own.mediaType };
    }
    const opened = await this.clients.openBlob(agent, blobId, call);
    await this.references.refuseBeyond(call.principal, opened.bytes);
    const source = await this.blobs.of(agent.name).read(opened.sha256);
    const put = await this.references.store.put(source, { sha256: opened.sha256, signal: call.signal });
    return { ref: put, mediaType: opened.mediaType };
  }

  /** As it is stored, or turned into another format first: then that is a dataset of the caller's, which the Curator keeps. */
  async #dataset(file: FileOfSpec & { datasetId: string }, call: Call) {
    const ask = this.clients.of(curator, call);
    const { datasetId, version, format } = file;
    const named = { datasetId, ...(version === undefined ? {} : { version }) };
    let found = await ask.fetch_dataset({ ...named, as: 'content' });
    if (format !== undefined && found.dataset.format !== format) {
      const { dataset } = await ask.transform_data_format({ ...named, to: format });
      found = await ask.fetch_dataset({ datasetId: dataset.datasetId, as: 'content' });
    }
    if (found.link !== undefined) return await this.#blob(found.link.blobId, call);
    if (found.content === undefined) throw new AppError('upstream_failed', `Cannot read the dataset ${datasetId}.`);
    const { data, encoding } = found.content;
    return { ref: await this.#put([Buffer.from(data, encoding)], call), mediaType: BYTES };
  }
}

const noBlob = (blobId: string): AppError =>
  new AppError('not_found', `Cannot read the blob ${blobId}: there is none that you may read. Check the id.`);
