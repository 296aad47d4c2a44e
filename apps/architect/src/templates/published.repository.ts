// Versions of templates that were published: rows, each with its archive in the place for bytes.
import { BlobReferences } from '@labmesh/blobs';
import { AppError, type architect, type ToolOutput } from '@labmesh/contracts';
import { DATABASE, type Database, isUniqueViolation } from '@labmesh/db';
import { unpackArchive } from '@labmesh/projects';
import { Inject, Injectable } from '@nestjs/common';
import { type Template, templateOf } from './template.js';

export type TemplateSource = ToolOutput<typeof architect.tools.list_available_templates>['templates'][number]['source'];

export interface Published {
  readonly name: string;
  readonly version: string;
  /** Of its content. */
  readonly sha256: string;
  readonly source: TemplateSource;
}

export interface NewPublished extends Published {
  readonly publishedBy: string;
  /** As it is stored. */
  readonly archive: Buffer;
}

/** Whose the references are: no wallet's, so no quota counts them. */
const OWNER = 'templates';

interface Row extends Published {
  readonly blob: string;
}

@Injectable()
export class PublishedTemplates {
  /** By their content, which never changes. */
  readonly #read = new Map<string, Promise<Template>>();

  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** Without their files. */
  async list(): Promise<Published[]> {
    return this.#rows('', []);
  }

  async versions(name: string): Promise<Published[]> {
    return this.#rows('WHERE t.name = $1', [name]);
  }

  /** @throws AppError not_found for what was never published */
  async read(name: string, version: string): Promise<{ template: Template; source: TemplateSource }> {
    const [row] = await this.#rows('WHERE t.name = $1 AND t.version = $2', [name, version]);
    if (row === undefined) throw new AppError('not_found', `There is no version ${version} of ${name}.`);
    return { template: await this.#template(row), source: row.source };
  }

  /** False when this very content was there under this version. @throws AppError conflict when other content was */
  async add({ archive, publishedBy, ...published }: NewPublished): Promise<boolean> {
    const ref = await this.references.store.put([archive]);
    const { name, version, sha256, source } = published;
    try {
      await this.database.prisma.$transaction(async (tx) => {
        const file = { mediaType: 'application/gzip', name: `${name}-${version}.tar.gz`, owner: OWNER };
        const [blobId = ''] = await this.references.claim(tx, [{ ...ref, ...file }]);
        await tx.publishedTemplate.create({ data: { name, version, sha256, blobId, source, publishedBy } });
      });
      return true;
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      const [there] = await this.#rows('WHERE t.name = $1 AND t.version = $2', [name, version]);
      if (there?.sha256 === sha256) return false;
      throw new AppError(
        'conflict',
        `Cannot publish ${name} ${version}: another content has this version, and it stays as it is. Give a higher version.`,
      );
    }
  }

  async #template({ name, version, blob }: Row): Promise<Template> {
    let read = this.#read.get(`${name}@${version}`);
    if (read === undefined) {
      read = this.references.store.read(blob).then(async (bytes) => templateOf(name, await unpackArchive(bytes)));
      this.#read.set(`${name}@${version}`, read);
      read.catch(() => this.#read.delete(`${name}@${version}`));
    }
    return read;
  }

  async #rows(where: string, values: readonly unknown[]): Promise<Row[]> {
    const { rows } = await this.database.pool.query<Row>(
      `SELECT t.name, t.version, t.sha256, t.source, b.sha256 AS blob
       FROM "architect"."templates" t JOIN "architect"."blobs" b ON b.id = t.blob_id ${where} ORDER BY t.name, t.version`,
      [...values],
    );
    return rows;
  }
}
