// Rows of projects. A project's name is taken from the moment somebody begins to make it; who makes it has a minute and a half, then its
// row is anybody's to take back. The database's clock counts.
import { type BlobRef, BlobReferences } from '@labmesh/blobs';
import { AppError, type Role } from '@labmesh/contracts';
import { DATABASE, type Database, isUniqueViolation, Prisma } from '@labmesh/db';
import { Inject, Injectable } from '@nestjs/common';
import type { ProjectRow, Revision, StoredArchive } from './project-row.js';

const ARCHIVE_TYPE = 'application/gzip';
/** Longer than a call may take. */
const MAKING_SECONDS = 90;
/** Whose references to bases are: the lab keeps them for itself, so no quota counts them. */
const LAB_OWNER = 'projects';

export interface NewProject
  extends Omit<ProjectRow, 'state' | 'busy' | 'base' | 'archive' | 'tokenId' | 'createdAt' | 'updatedAt'> {
  /** That was put; kept as the base, and for the owner where it asked for an archive. */
  readonly content: BlobRef;
  readonly role: Role;
}

/** What an update makes of a project that is still as `was` says. */
export interface ProjectChange {
  readonly was: ProjectRow;
  readonly version: string;
  readonly inputs: ProjectRow['inputs'];
  readonly secrets: ProjectRow['secrets'];
  readonly base: BlobRef;
  /** Of all its files; undefined where it has no archive. */
  readonly archive: BlobRef | undefined;
  /** Of the key that it has from now on. */
  readonly tokenId: string | null;
  readonly role: Role;
  readonly conflicts: number;
  readonly kept: number;
}

const FIELDS = `p.id, p.owner, p.name, p.template, p.version, p.place, p.folder, p.state,
  (p.state = 'making' AND p.making_until > clock_timestamp()) AS "busy", p.inputs, p.secrets, p.token_id AS "tokenId",
  p.created_at AS "createdAt", p.updated_at AS "updatedAt",
  b.id AS "baseId", b.sha256 AS "baseSha", b.bytes AS "baseBytes",
  a.id AS "archiveId", a.sha256 AS "archiveSha", a.bytes AS "archiveBytes"`;
const FROM = `FROM "architect"."projects" p LEFT JOIN "architect"."blobs" b ON b.id = p.base_blob
  LEFT JOIN "architect"."blobs" a ON a.id = p.archive_blob`;

type Tx = Prisma.TransactionClient;
type Raw = Omit<ProjectRow, 'base' | 'archive'> &
  Record<'baseId' | 'baseSha' | 'baseBytes' | 'archiveId' | 'archiveSha' | 'archiveBytes', string | null>;

@Injectable()
export class ProjectsRepository {
  constructor(
    @Inject(DATABASE) private readonly database: Database,
    @Inject(BlobReferences) private readonly references: BlobReferences,
  ) {}

  /** An embedded database has one process: whatever was begun before it started, nobody is at it any more. */
  get alone(): boolean {
    return this.database.kind === 'embedded';
  }

  async find(id: string): Promise<ProjectRow | undefined> {
    return (await this.#rows(`WHERE p.id = $1 AND p.state <> 'deleted'`, [id]))[0];
  }

  async named(owner: string, name: string): Promise<ProjectRow | undefined> {
    return (await this.#rows(`WHERE p.owner = $1 AND p.name = $2 AND p.state <> 'deleted'`, [owner, name]))[0];
  }

  /** Newest first; those before an id. */
  list(
    owner: string,
    page: { template?: string | undefined; before?: string | undefined; limit: number },
  ): Promise<ProjectRow[]> {
    return this.#rows(
      `WHERE p.owner = $1 AND p.state = 'ready' AND ($2::text IS NULL OR p.template = $2) AND ($3::text IS NULL OR p.id < $3)
       ORDER BY p.id DESC LIMIT $4`,
      [owner, page.template ?? null, page.before ?? null, page.limit],
    );
  }

  /** Begins one. @throws AppError conflict when the name is taken, quota_exceeded */
  async begin(made: NewProject): Promise<void> {
    const { content, role, ...row } = made;
    try {
      await this.database.prisma.$transaction(async (tx) => {
        const { baseBlob, archiveBlob } = await this.#claim(tx, row, {
          base: content,
          archive: row.place === 'folder' ? undefined : content,
          role,
        });
        const { inputs, secrets, ...plain } = row;
        await tx.project.create({
          data: { ...plain, state: 'making', inputs: { ...inputs }, secrets: { ...secrets }, baseBlob, archiveBlob },
        });
        await this.#hold(tx, row.id);
      });
    } catch (error) {
      if (!isUniqueViolation(error)) throw error;
      throw new AppError(
        'conflict',
        `Cannot make ${row.name}: a project of yours has this name. Choose another, or delete that one.`,
      );
    }
  }

  /** It is made. @throws AppError conflict when it was taken back meanwhile */
  async finish(id: string, tokenId: string | undefined): Promise<void> {
    await this.database.prisma.$transaction(async (tx) => {
      const { count } = await tx.project.updateMany({
        where: { id, state: 'making' },
        data: { state: 'ready', makingUntil: null, tokenId: tokenId ?? null },
      });
      if (count !== 1)
        throw new AppError('conflict', 'Cannot make the project: it took too long, and was taken back. Try again.');
      await tx.$executeRaw`INSERT INTO "architect"."revisions" (project_id, number, version, conflicts, kept)
        SELECT id, 1, version, 0, 0 FROM "architect"."projects" WHERE id = ${id}`;
    });
  }

  /** Nothing of it is left but what it was. */
  async drop(id: string): Promise<void> {
    await this.database.prisma.$transaction((tx) => this.#drop(tx, id, { keep: false }));
  }

  /** False when it was gone. Its id stays, so that nobody else ever has it. */
  delete(id: string): Promise<boolean> {
    return this.database.prisma.$transaction((tx) => this.#drop(tx, id, { keep: true }));
  }

  wasDeleted(id: string, owner: string): Promise<boolean> {
    return this.database.prisma.project.count({ where: { id, owner, state: 'deleted' } }).then((count) => count > 0);
  }

  /** @throws AppError conflict when it was changed meanwhile */
  async change(change: ProjectChange): Promise<void> {
    const { was, version, inputs, secrets, base, archive, tokenId, role, conflicts, kept } = change;
    await this.database.prisma.$transaction(async (tx) => {
      const claimed = await this.#claim(tx, was, { base, archive, role });
      const { count } = await tx.project.updateMany({
        where: {
          id: was.id,
          state: 'ready',
          baseBlob: was.base?.blobId ?? null,
          archiveBlob: was.archive?.blobId ?? null,
        },
        data: { version, inputs: { ...inputs }, secrets: { ...secrets }, tokenId, updatedAt: new Date(), ...claimed },
      });
      if (count !== 1) throw changedMeanwhile(was.name);
      await this.#release(tx, was);
      await tx.$executeRaw`INSERT INTO "architect"."revisions" (project_id, number, version, conflicts, kept)
        SELECT ${was.id}, coalesce(max(number), 0) + 1, ${version}, ${conflicts}, ${kept}
        FROM "architect"."revisions" WHERE project_id = ${was.id}`;
    });
  }

  /** Mended files in the place of those that were archived; what it was made of stays. @throws AppError conflict when it was changed meanwhile */
  async keepArchive(was: ProjectRow, content: BlobRef, role: Role): Promise<StoredArchive> {
    return this.database.prisma.$transaction(async (tx) => {
      const { owner, name, archive } = was;
      const file = { mediaType: ARCHIVE_TYPE, name: `${name}.tar.gz`, owner, role };
      const [archiveBlob = ''] = await this.references.claim(tx, [{ ...content, ...file }]);
      const { count } = await tx.project.updateMany({
        where: { id: was.id, state: 'ready', archiveBlob: archive?.blobId ?? null },
        data: { archiveBlob, updatedAt: new Date() },
      });
      if (count !== 1) throw changedMeanwhile(name);
      await this.#release(tx, { base: null, archive });
      return { blobId: archiveBlob, ...content };
    });
  }

  async history(id: string): Promise<Revision[]> {
    return this.database.prisma.projectRevision.findMany({ where: { projectId: id }, orderBy: { number: 'asc' } });
  }

  /** Begun, and whoever began them is gone. `all`: nobody else can be making any. */
  abandoned(all: boolean): Promise<ProjectRow[]> {
    return this.#rows(`WHERE p.state = 'making' AND ($1 OR p.making_until <= clock_timestamp())`, [all]);
  }

  /** The blob's project, for its owner alone. */
  async archiveOf(blobId: string, owner: string): Promise<{ name: string; archive: StoredArchive } | undefined> {
    const [row] = await this.#rows(`WHERE p.archive_blob = $1 AND p.owner = $2 AND p.state = 'ready'`, [blobId, owner]);
    return row?.archive === undefined || row.archive === null ? undefined : { name: row.name, archive: row.archive };
  }

  async #claim(
    tx: Tx,
    { owner, name }: Pick<ProjectRow, 'owner' | 'name'>,
    { base, archive, role }: { base: BlobRef; archive: BlobRef | undefined; role: Role },
  ): Promise<{ baseBlob: string; archiveBlob: string | null }> {
    const file = { mediaType: ARCHIVE_TYPE, name: `${name}.tar.gz` };
    const [baseBlob = '', archiveBlob = null] = await this.references.claim(tx, [
      { ...base, ...file, owner: LAB_OWNER },
      ...(archive === undefined ? [] : [{ ...archive, ...file, owner, role }]),
    ]);
    return { baseBlob, archiveBlob };
  }

  #release(tx: Tx, { base, archive }: Pick<ProjectRow, 'base' | 'archive'>): Promise<void> {
    return this.references.release(
      tx,
      [base, archive].flatMap((one) => (one === null ? [] : [one.blobId])),
    );
  }

  async #hold(tx: Tx, id: string): Promise<void> {
    await tx.$executeRaw`UPDATE "architect"."projects"
      SET making_until = clock_timestamp() + ${MAKING_SECONDS} * interval '1 second' WHERE id = ${id}`;
  }

  async #drop(tx: Tx, id: string, { keep }: { keep: boolean }): Promise<boolean> {
    const row = await tx.project.findUnique({ where: { id } });
    if (row === null || row.state === 'deleted') return false;
    const data = {
      state: 'deleted',
      makingUntil: null,
      inputs: {},
      secrets: {},
      baseBlob: null,
      archiveBlob: null,
      tokenId: null,
    };
    if (keep) await tx.project.update({ where: { id }, data });
    else await tx.project.delete({ where: { id } });
    await this.references.release(
      tx,
      [row.baseBlob, row.archiveBlob].filter((blob) => blob !== null),
    );
    return true;
  }

  async #rows(where: string, values: readonly unknown[]): Promise<ProjectRow[]> {
    const { rows } = await this.database.pool.query<Raw>(`SELECT ${FIELDS} ${FROM} ${where}`, [...values]);
    return rows.map(({ baseId, baseSha, baseBytes, archiveId, archiveSha, archiveBytes, ...row }) => ({
      ...row,
      base: storedOf(baseId, baseSha, baseBytes),
      archive: storedOf(archiveId, archiveSha, archiveBytes),
    }));
  }
}

const storedOf = (blobId: string | null, sha256: string | null, bytes: string | null): StoredArchive | null =>
  blobId === null || sha256 === null ? null : { blobId, sha256, bytes: Number(bytes) };

const changedMeanwhile = (name: string): AppError =>
  new AppError('conflict', `Cannot update ${name}: it was changed meanwhile. Look at it, and try again.`);
