// The Curator's domain on a database and a place for bytes of its own, as the module wires it: for specs.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobCollector, type BlobQuotas, BlobReferences, type Blobs, openBlobs } from '@labmesh/blobs';
import { type Call, curator, ROLE_PERMISSIONS, type Role } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { v7 as uuidv7 } from 'uuid';
import { readCuratorConfig } from './config.js';
import { catalogueTools, datasetTools, readingTools } from './curator.tools.js';
import { DatasetRepository } from './datasets/dataset.repository.js';
import { DatasetCatalogue } from './datasets/dataset-catalogue.js';
import { DatasetChanges } from './datasets/dataset-changes.repository.js';
import { DatasetChecker } from './datasets/dataset-checker.js';
import { DatasetContents } from './datasets/dataset-contents.js';
import { DatasetFetcher } from './datasets/dataset-fetcher.js';
import { DatasetListing } from './datasets/dataset-listing.repository.js';
import { DatasetReader } from './datasets/dataset-reader.js';
import { DatasetTransforms } from './datasets/dataset-transforms.js';
import { DatasetWriter } from './datasets/dataset-writer.js';
import { LargeSubmissions } from './datasets/large-submissions.js';
import { OldContent } from './datasets/old-content.repository.js';
import { RowCache } from './datasets/row-cache.js';
import { Submissions } from './datasets/submissions.js';
import { analysisTools } from './engine/analysis.tools.js';
import { analysisOf } from './engine/analysis-of.testing.js';
import { DatasetPortions } from './engine/dataset-portions.js';
import { DatasetTables } from './engine/dataset-tables.js';
import { engine } from './engine/engine.js';
import { ShippedLoader } from './shipped/shipped-loader.js';
import { DatasetSlices } from './sources/dataset-slices.js';
import { SourceStateRepository } from './sources/source-state.repository.js';
import { Claims } from './validations/claims.js';
import { Reporting } from './validations/reporting.js';
import { validationHandlers } from './validations/validation.tools.js';
import { ValidationsRepository } from './validations/validations.repository.js';

export interface CuratorOptions {
  /** Of a server; left out, an embedded database. */
  readonly databaseUrl?: string;
  readonly settings?: Record<string, string>;
  readonly quotas?: BlobQuotas;
}

const asksNobody = (): never => {
  throw new Error('there is no source here');
};
const withoutSources = { stream: asksNobody, fetch: asksNobody, known: asksNobody };

/** Another one on the same database and place shares what is stored, as a replica does. */
export function curatorOn(database: Database, blobs: Blobs, { settings = {}, quotas = {} }: CuratorOptions = {}) {
  const config = readCuratorConfig(settings);
  const references = new BlobReferences({ database, store: blobs.of('curator'), agent: 'curator', quotas });
  const repository = new DatasetRepository(database);
  const changes = new DatasetChanges(database, references, { poke: () => undefined }, { tell: () => undefined });
  const reader = new DatasetReader(repository, new RowCache(config.cacheBytesMax), references);
  const old = new OldContent(database, references, { info: () => undefined, error: () => undefined });
  const writer = new DatasetWriter(
    changes,
    references,
    new Submissions(config, blobs, references, new LargeSubmissions(references, engine)),
  );
  const tables = new DatasetTables(reader, engine);
  const portions = new DatasetPortions(reader, tables, engine);
  const slices = new DatasetSlices(new SourceStateRepository(database), withoutSources, withoutSources);
  const contents = new DatasetContents(
    new DatasetFetcher(reader, portions, tables, engine),
    new DatasetChecker(reader, portions, tables, engine),
    new DatasetTransforms(reader, writer, tables, engine),
  );
  const validations = new ValidationsRepository(database, { poke: () => undefined });
  return {
    ...{ database, blobs, references, repository, changes, reader, writer, contents, old },
    loader: new ShippedLoader(changes, references, old),
    collector: (graceMs: number) => new BlobCollector({ database, references, graceMs }),
    tools: {
      ...catalogueTools(new DatasetCatalogue(new DatasetListing(database))),
      ...readingTools(contents, slices),
      ...datasetTools(reader, writer, contents),
      ...analysisTools(analysisOf(reader, writer)),
      ...validationHandlers(new Claims(validations, reader), new Reporting(validations)),
    },
  };
}

export async function curatorParts(options: CuratorOptions = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-curator-'));
  const { databaseUrl: url } = options;
  const database = await openDatabase({ folder: join(folder, 'pg'), ...(url === undefined ? {} : { url }) });
  const blobs = await openBlobs({ folder: join(folder, 'blobs') });
  return {
    ...curatorOn(database, blobs, options),
    folder,
    async [Symbol.asyncDispose]() {
      await database.close();
      await blobs.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type CuratorParts = Awaited<ReturnType<typeof curatorParts>>;

type Name = keyof CuratorParts['tools'];

async function endOf(stream: AsyncGenerator): Promise<unknown> {
  for (;;) {
    const next = await stream.next();
    if (next.done === true) return next.value;
  }
}

/** A wallet that calls tools as the agent kit does: input and output through the contract. */
export function walletOf(parts: () => Pick<CuratorParts, 'tools'>, role: Role = 'researcher') {
  const walletId = `wal_${uuidv7()}`;
  const call: Call = {
    id: uuidv7(),
    principal: { walletId, role, permissions: ROLE_PERMISSIONS[role], credentialId: 'test' },
    chain: [],
    deadline: Date.now() + 60_000,
    signal: new AbortController().signal,
    pass: '',
  };
  const use = async <N extends Name>(name: N, input: object, signal = call.signal) => {
    const tool = parts().tools[name] as (input: unknown, call: Call) => Promise<unknown> | AsyncGenerator;
    const given = tool(curator.tools[name].input.parse(input), { ...call, signal });
    const answer = JSON.parse(JSON.stringify(await (Symbol.asyncIterator in given ? endOf(given) : given)));
    return curator.tools[name].output.parse(answer) as ReturnType<(typeof curator.tools)[N]['output']['parse']>;
  };
  const submit = (rows: unknown, more: object = {}) =>
    use('submit_dataset', { name: 'Some', format: 'json', content: JSON.stringify(rows), ...more });
  return { walletId, call, use, submit };
}
