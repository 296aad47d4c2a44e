// Makes a backup: the rows at one instant, the content that they name, and the lab's keys under a passphrase; the checksums last.
// It changes nothing in the lab but when it next looks for content that nobody names.
import { createHash, randomUUID } from 'node:crypto';
import { type BlobStore, type Blobs, openBlobs } from '@labmesh/blobs';
import { AppError } from '@labmesh/contracts';
import { ArchiveWriter, refuseAborted, type Written } from './archive-writer.js';
import type { LabPlaces } from './lab-places.js';
import { refuseForeignKey } from './lab-seals.js';
import {
  BLOBS,
  blobEntry,
  blobLine,
  HEADER,
  KEYS,
  MANIFEST,
  type Manifest,
  type Named,
  newHeader,
  SEAL,
  type Seal,
  tableEntry,
} from './manifest.js';
import type { RowSource } from './row-sources.js';
import { keysOf, type LabKeys, macOf, newKdf, sealKeys } from './sealed-keys.js';
import { contentOf, Spool, type Spooled } from './spool.js';

export interface BackupPlan {
  /** Of LabMesh. */
  readonly version: string;
  readonly path: string;
  readonly replace: boolean;
  readonly places: LabPlaces;
  /** Left out: the keys are not taken along. */
  readonly keys?: { readonly lab: LabKeys; readonly passphrase: string };
  /** Content that rows name and that is gone or damaged is noted instead of ending the backup. */
  readonly allowMissing: boolean;
  readonly signal: AbortSignal;
  readonly progress: BackupProgress;
}

export interface BackupProgress {
  /** The rows are on this machine, and so much is to be written. */
  begin(bytes: number): Promise<void>;
  at(bytes: number): void;
}

export interface MadeBackup {
  readonly manifest: Manifest;
  readonly bytes: number;
}

interface Content extends Named {
  readonly bytes: number;
}

/** @throws AppError; then no file is there that was not before */
export async function makeBackup(source: RowSource, plan: BackupPlan): Promise<MadeBackup> {
  const writer = await ArchiveWriter.open({ path: plan.path, replace: plan.replace, signal: plan.signal });
  try {
    await using spool = await Spool.open(plan.path);
    const spooled = await spool.take(source.parts, plan.signal);
    const blobs = await openBlobs({ url: plan.places.blobsUrl, folder: plan.places.blobsFolder });
    try {
      const manifest = await new BackupWriter(writer, plan, blobs).write(spooled, source);
      await writer.finish();
      return { manifest, bytes: writer.bytes };
    } finally {
      await blobs.close();
    }
  } finally {
    await writer.discard();
  }
}

class BackupWriter {
  readonly #entries: Written[] = [];

  constructor(
    private readonly writer: ArchiveWriter,
    private readonly plan: BackupPlan,
    private readonly blobs: Blobs,
  ) {}

  async write(spooled: Spooled, { kind }: RowSource): Promise<Manifest> {
    const { plan } = this;
    if (plan.keys !== undefined)
      refuseForeignKey(
        spooled.signing,
        plan.keys.lab,
        `Cannot back up with this master key: the one of ${plan.places.home}, or in LABMESH_MASTER_KEY,`,
      );
    const header = newHeader({
      id: `bak_${randomUUID()}`,
      takenAt: spooled.takenAt,
      labmesh: plan.version,
      database: kind,
      migrations: [...spooled.migrations],
    });
    const { there, missing } = await this.#look(spooled);
    const size = (all: Iterable<{ bytes: number }>): number => [...all].reduce((sum, { bytes }) => sum + bytes, 0);
    await plan.progress.begin(size(there) + size(spooled.tables));
    await this.#addJson(HEADER, header);
    const list = createHash('sha256');
    for (const content of there) list.update(await this.#addContent(content));
    for (const table of spooled.tables) {
      this.#entries.push(await this.writer.add(tableEntry(table.name), table.bytes, contentOf(table)));
      plan.progress.at(this.writer.bytes);
    }
    const signing = await this.#addKeys(header.id);
    const manifest: Manifest = {
      ...header,
      entries: this.#entries,
      tables: spooled.tables.map(({ name, rows, sha256 }) => ({ name, rows, sha256 })),
      sequences: [...spooled.sequences],
      blobs: { count: there.length, bytes: size(there), sha256: list.digest('hex'), missing },
      keys: plan.keys === undefined ? 'left out' : 'sealed',
    };
    await this.#addSealed(manifest, signing);
    return manifest;
  }

  /** Which content is there, before any of it is written: sizes stand before what they are of. */
  async #look({ named }: Spooled): Promise<{ there: Content[]; missing: Named[] }> {
    const there: Content[] = [];
    const missing: Named[] = [];
    for (const one of named.values()) {
      refuseAborted(this.plan.signal);
      const { agent, sha256, bytes } = one;
      const store = this.blobs.of(agent);
      const found = await store.stat(sha256);
      const whole = found?.bytes === bytes && (!this.plan.allowMissing || (await isWhole(store, sha256)));
      if (whole) there.push(one);
      else if (this.plan.allowMissing) missing.push({ agent, sha256 });
      else throw contentGone(one, found === undefined);
    }
    return { there, missing };
  }

  async #addContent(content: Content): Promise<string> {
    const name = blobEntry(content);
    await this.writer.add(name, content.bytes, await this.blobs.of(content.agent).read(content.sha256));
    this.plan.progress.at(this.writer.bytes);
    return blobLine(name.slice(BLOBS.length), content.bytes);
  }

  /** Answers what signs the manifest. */
  async #addKeys(id: string): Promise<Buffer | undefined> {
    const { keys } = this.plan;
    if (keys === undefined) return undefined;
    const kdf = newKdf();
    const { sealing, signing } = await keysOf(keys.passphrase, kdf);
    await this.#addJson(KEYS, sealKeys(keys.lab, id, { kdf, sealing }));
    return signing;
  }

  async #addSealed(manifest: Manifest, signing: Buffer | undefined): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
    const { sha256 } = await this.writer.add(MANIFEST, bytes.length, [bytes]);
    const seal: Seal = {
      manifestSha256: sha256,
      ...(signing === undefined ? {} : { mac: macOf(bytes, signing) }),
    };
    const sealBytes = Buffer.from(`${JSON.stringify(seal)}\n`);
    await this.writer.add(SEAL, sealBytes.length, [sealBytes]);
  }

  async #addJson(name: string, value: object): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(value, null, 1)}\n`);
    this.#entries.push(await this.writer.add(name, bytes.length, [bytes]));
  }
}

async function isWhole(store: BlobStore, sha256: string): Promise<boolean> {
  try {
    for await (const _chunk of await store.read(sha256));
    return true;
  } catch (error) {
    // Damaged: read whole, it is hashed on its way.
    if (error instanceof AppError && (error.code === 'internal' || error.code === 'not_found')) return false;
    throw error;
  }
}

const contentGone = ({ agent, sha256 }: Named, gone: boolean): AppError =>
  new AppError(
    'not_found',
    `Cannot back up the content ${sha256} of the ${agent}: it is ${gone ? 'not' : 'damaged'} where the lab keeps bytes. See that BLOBS_URL (or --blobs) names the lab’s place; to back up without what is lost: --allow-missing.`,
  );
