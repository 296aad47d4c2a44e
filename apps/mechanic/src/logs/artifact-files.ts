// list_artifacts and get_artifact: what a job left, for whoever may read the job.
import { isUtf8 } from 'node:buffer';
import { BlobReferences } from '@labmesh/blobs';
import { AppError, type Call, type mechanic, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { Artifacts, type StoredArtifact } from './artifacts.repository.js';
import { LogAccess } from './log-access.js';

type Tools = (typeof mechanic)['tools'];

/** Texts up to here are in the answer itself. */
const TEXT_BYTES_MAX = 16 * 1024;

@Injectable()
export class ArtifactFiles {
  constructor(
    @Inject(LogAccess) private readonly access: LogAccess,
    @Inject(Artifacts) private readonly artifacts: Artifacts,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  async list(
    { jobId, kind, limit, cursor }: ToolInput<Tools['list_artifacts']>,
    call: Call,
  ): Promise<ToolOutput<Tools['list_artifacts']>> {
    await this.access.job(jobId, call);
    const after = cursor === undefined ? '' : Buffer.from(cursor, 'base64url').toString();
    const found = await this.artifacts.page(jobId, kind, { after, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1)?.path : undefined;
    return {
      artifacts: page.map(({ path, bytes, sha256, attempt, keptAt, expiresAt }) => ({
        ...{ path, bytes, sha256, attempt },
        keptAt: keptAt.toISOString(),
        expiresAt: expiresAt?.toISOString() ?? null,
      })),
      ...(last === undefined ? {} : { nextCursor: Buffer.from(last).toString('base64url') }),
    };
  }

  async get(
    { jobId, kind, path }: ToolInput<Tools['get_artifact']>,
    call: Call,
  ): Promise<ToolOutput<Tools['get_artifact']>> {
    await this.access.job(jobId, call);
    const file = await this.artifacts.find(jobId, kind, path);
    const blob = file === undefined ? undefined : await this.references.find(file.blobId);
    if (file === undefined || blob === undefined)
      throw new AppError(
        'not_found',
        `Cannot find ${kind} ${path} of this job: list_artifacts has what it left and what is still kept.`,
      );
    const { bytes, sha256, blobId } = file;
    const { name, mediaType } = blob;
    const text = await this.#textOf(file);
    return {
      ...{ path, bytes, sha256 },
      ...(text === undefined ? {} : { text }),
      link: { blobId, name, mediaType, bytes },
    };
  }

  /** Of what is a small text. */
  async #textOf({ sha256, bytes }: StoredArtifact): Promise<string | undefined> {
    if (bytes > TEXT_BYTES_MAX) return undefined;
    const parts: Buffer[] = [];
    for await (const part of await this.references.store.read(sha256)) parts.push(part as Buffer);
    const all = Buffer.concat(parts);
    return isUtf8(all) && !all.includes(0) ? all.toString('utf8') : undefined;
  }
}
