// Vectors on a real database with a real thread and a model of random weights: replicas that share the work, a crash in the middle, a
// text that changes, another model, what nobody else may see, and answers when there is no model, or it fails.
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BlobReferences, type Blobs, openBlobs } from '@labmesh/blobs';
import type { Call, Principal } from '@labmesh/contracts';
import { ROLE_PERMISSIONS } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { type PackedFile, packModel } from '@labmesh/encoder';
import type { Logger } from '@labmesh/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type TinyOptions, tinyModel } from '../../../../libs/encoder/src/tiny-model.testing.js';
import { Knowledge } from '../answers/knowledge.js';
import { AS_IT_STANDS } from '../answers/spelling/spelling.testing.js';
import { Library } from '../corpus/library.js';
import { DatasetCardsRepository } from '../datasets/dataset-cards.repository.js';
import { NO_CODE } from '../code/code.testing.js';
import { NO_PROJECTS } from '../projects/projects.testing.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { OPERATOR_QUOTA } from '../sources/collection.js';
import { CollectionsRepository } from '../sources/collections.repository.js';
import { Extraction } from '../sources/extraction/extraction.js';
import { inMemory } from '../sources/files/source-file.js';
import { Taker } from '../sources/taking.js';
import { Embedding } from './embedding.js';
import { Encoders } from './encoders.js';
import { Meanings } from './meaning.js';
import { SearchModels } from './search-models.js';
import { SearchModelsRepository } from './search-models.repository.js';
import { VectorsRepository } from './vectors.repository.js';

const ADA = 'wal_01990000-0000-7000-8000-000000000001';
const BOB = 'wal_01990000-0000-7000-8000-000000000002';
const who = (walletId: string): Principal => ({
  ...{ walletId, role: 'operator', permissions: ROLE_PERMISSIONS.operator, credentialId: 'test' },
});
const callOf = (walletId: string): Call =>
  ({ principal: who(walletId), signal: new AbortController().signal }) as unknown as Call;

let folder: string;
let database: Database;
let blobs: Blobs;
let made = 0;
const uploads = new Map<string, Uint8Array[]>();
const extraction = new Extraction();
const open: Array<() => Promise<void>> = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-meaning-'));
  await mkdir(join(folder, 'installed'));
  await writeFile(join(folder, 'installed/README.md'), '# The lab\n\nThe pumps of the lab are in the cellar.\n');
  database = await openDatabase({ folder: join(folder, 'pg') });
  blobs = await openBlobs({ folder: join(folder, 'blobs') });
});

afterAll(async () => {
  await Promise.all(open.map((close) => close()));
  extraction.onModuleDestroy();
  await blobs?.close();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

beforeEach(async () => {
  await database.pool.query('DELETE FROM librarian.encoders');
  await database.pool.query('DELETE FROM librarian.collections');
});

/** A replica as the module wires it. */
function replica({ meaningMs = 60_000, installed = 'installed' } = {}) {
  const log = { info: () => undefined, warn: () => undefined } as unknown as Logger;
  const collections = new CollectionsRepository(database);
  const cards = new DatasetCardsRepository(database);
  const root = { installRoot: join(folder, installed) };
  const library = new Library(root, new SolutionsRepository(database), cards, collections, log);
  const references = new BlobReferences({ database, store: blobs.of('librarian'), agent: 'librarian' });
  const models = new SearchModelsRepository(database, references);
  const vectors = new VectorsRepository(database);
  const encoders = new Encoders(models, log);
  const config = { lookMs: 200, wordsShare: 0.3, meaningMs };
  const meanings = new Meanings(config, models, vectors, encoders);
  const serving = { onServing: () => undefined };
  const embedding = new Embedding(config, models, vectors, encoders, library, serving, log);
  open.push(() => encoders.onModuleDestroy());
  const taken = {
    uploads: {
      find: async (id: string) => ({ uploadId: id, bytes: 1, finishedAt: new Date() }),
      open: async (id: string) => uploads.get(id) ?? [],
      remove: async (id: string) => void uploads.delete(id),
    },
  } as unknown as Blobs;
  const domain = new SearchModels(models, vectors, { poke: () => undefined, problem: null }, meanings, library, taken);
  const knowledge = new Knowledge(library, meanings, NO_PROJECTS, NO_CODE, NO_CODE, AS_IT_STANDS);
  const taker = new Taker(collections, extraction);
  const bring = async (owner: string, name: string, text: string): Promise<void> => {
    const steps = taker.take({
      name: { owner, collection: 'mine', from: 'text', place: name },
      offered: { files: [inMemory(name, Buffer.from(text))], skipped: [], commit: null },
      kind: null,
      quota: OPERATOR_QUOTA,
      signal: new AbortController().signal,
    });
    while ((await steps.next()).done !== true);
  };
  const ask = (owner: string, question: string) =>
    knowledge.answer({ question, limit: 20, context: [] }, callOf(owner));
  const files = async (owner: string, question: string) => {
    const { citations, nearest } = await ask(owner, question);
    return [...citations, ...nearest].map(({ file }) => file.replace(/^col_[^/]*/, 'mine'));
  };
  return { models, vectors, encoders, meanings, embedding, domain, cards, bring, ask, files };
}
type Replica = ReturnType<typeof replica>;

async function uploaded(files: Record<string, Uint8Array>): Promise<string> {
  made += 1;
  const path = join(folder, `model-${made}.tar`);
  const packed = Object.entries(files).map(([name, bytes]) => ({
    name,
    bytes: bytes.byteLength,
    content: () => [bytes],
  }));
  await packModel(packed as unknown as PackedFile[], path);
  const { readFile } = await import('node:fs/promises');
  uploads.set(`up_${made}`, [await readFile(path)]);
  return `up_${made}`;
}

async function add(to: Replica, name: string, options: TinyOptions = {}) {
  const steps = to.domain.add({ uploadId: await uploaded(tinyModel(options)), name }, callOf(ADA));
  const told: number[] = [];
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return { ...step.value, told };
    told.push(step.value.progress);
  }
}

const rows = async (): Promise<Array<{ file: string; model: string; ready: boolean }>> =>
  (
    await database.pool.query(
      `SELECT regexp_replace(v.file, '^col_[^/]*', 'mine') AS file, m.name AS model, v.vectors IS NOT NULL AS ready
       FROM librarian.passage_vectors v JOIN librarian.encoders m ON m.id = v.model_id ORDER BY m.name, v.file`,
    )
  ).rows;

describe('a model', () => {
  it('is taken in with its card, told step by step, once, and changes nothing until it is used', async () => {
    const here = replica();
    await here.bring(ADA, 'pump.md', 'The turbo pump spins at 1500 Hz.');
    const before = await here.ask(ADA, 'How fast does the turbo pump spin?');
    const { model, alreadyThere, told } = await add(here, 'tiny');
    expect(told).toEqual([0, 1, 2, 3, 4, 5]);
    expect(alreadyThere).toBe(false);
    expect(model).toMatchObject({
      name: 'tiny',
      state: 'kept',
      dimensions: 32,
      tokensMax: 64,
      documents: 0,
      licence: null,
    });
    expect(model.int8Cosine).toBeGreaterThan(0.99);
    expect((await add(here, 'tiny')).alreadyThere).toBe(true);
    await expect(add(here, 'tiny', { seed: 2 })).rejects.toMatchObject({ code: 'conflict' });
    await here.embedding.turn();
    expect(await rows()).toEqual([]);
    expect(await here.ask(ADA, 'How fast does the turbo pump spin?')).toEqual(before);
    expect(here.meanings.counts.questions).toBe(0);
  });

  it('that is hostile is refused, and leaves nothing', async () => {
    const here = replica();
    const files = tinyModel();
    const adding = async (changed: Record<string, Uint8Array>) =>
      here.domain.add({ uploadId: await uploaded(changed), name: 'bad' }, callOf(ADA)).next();
    for (const name of ['../config.json', 'config.json/../x', 'pytorch_model.bin'])
      await expect(adding({ ...files, [name]: Buffer.from('x') })).rejects.toMatchObject({ code: 'invalid_input' });
    uploads.set('up_x', [Buffer.from('no tar at all'.repeat(100))]);
    const broken = here.domain.add({ uploadId: 'up_x', name: 'bad' }, callOf(ADA));
    await expect(broken.next()).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(add(here, 'bad', { config: { model_type: 't5' } })).rejects.toMatchObject({
      code: 'unsupported_format',
    });
    expect((await here.domain.list()).models).toEqual([]);
  });

  it('ranks together with words, as soon as it is used, and not when it is used no more', async () => {
    const here = replica();
    await here.bring(ADA, 'pump.md', 'The turbo pump spins at 1500 Hz.');
    await here.bring(ADA, 'dome.md', 'Rotate it slowly by hand.');
    await add(here, 'tiny');
    const question = 'turbo pump';
    expect(await here.files(ADA, question)).not.toContain('mine/dome.md');
    await here.domain.use({ name: 'tiny' });
    await here.embedding.turn();
    expect((await rows()).map(({ file, ready }) => [file, ready])).toEqual([
      ['README.md', true],
      ['mine/dome.md', true],
      ['mine/pump.md', true],
    ]);
    // It has no word of the question: meaning alone brings it.
    expect(await here.files(ADA, question)).toContain('mine/dome.md');
    expect(here.meanings.counts).toEqual({ questions: 1, withoutModel: 0, problem: null });
    const { citations } = await here.ask(ADA, question);
    expect(citations.map(({ score }) => score)).toEqual(citations.map(({ score }) => score).toSorted((a, b) => b - a));
    await here.domain.use({});
    await here.embedding.turn();
    expect(await here.files(ADA, question)).not.toContain('mine/dome.md');
    // What is refused by words is refused with a meaning, too.
    await here.domain.use({ name: 'tiny' });
    await here.embedding.turn();
    expect(await here.ask(ADA, 'zebra quokka umbrella')).toMatchObject({ answered: false });
  });

  it('shows nobody what is another’s, whatever it means', async () => {
    const here = replica();
    await here.bring(ADA, 'secret.md', 'Rotate it slowly by hand.');
    await add(here, 'tiny');
    await here.domain.use({ name: 'tiny' });
    await here.embedding.turn();
    expect(await here.files(ADA, 'turbo pump')).toContain('mine/secret.md');
    expect(await here.files(BOB, 'turbo pump')).toEqual(['README.md']);
  });
});

describe('vectors', () => {
  it('are made once, by the replicas together', async () => {
    const [one, other] = [replica(), replica()];
    for (let at = 0; at < 12; at += 1) await one.bring(ADA, `n${at}.md`, `Note ${at} of the pump.`);
    await add(one, 'tiny');
    await one.domain.use({ name: 'tiny' });
    const stored: string[] = [];
    for (const { vectors } of [one, other]) {
      const store = vectors.store.bind(vectors);
      vectors.store = async (model, text, bytes) => {
        stored.push(text.file);
        await store(model, text, bytes);
      };
    }
    await Promise.all([one.embedding.turn(), other.embedding.turn()]);
    expect(stored).toHaveLength(13);
    expect(new Set(stored).size).toBe(13);
    expect((await rows()).every(({ ready }) => ready)).toBe(true);
    expect(await other.files(ADA, 'pump')).toEqual(await one.files(ADA, 'pump'));
    await one.embedding.turn();
    expect(stored).toHaveLength(13);
  });

  it('go on where a process died', async () => {
    const [dead, next] = [replica(), replica()];
    await dead.bring(ADA, 'a.md', 'The pump.');
    await dead.bring(ADA, 'b.md', 'The dome.');
    const { model } = await add(dead, 'tiny');
    await dead.domain.use({ name: 'tiny' });
    // It ends with a claim that it never gives up, and nothing stored.
    const [text] = await dead.vectors.waiting(model.sha256, 1);
    const [version, id] = ['version', text?.collectionId ?? ''];
    const { rows: found } = await database.pool.query(
      'SELECT version FROM librarian.documents WHERE collection_id = $1 AND path = $2',
      [id, text?.path],
    );
    const claimed = { file: `${id}/${text?.path}`, version: found[0]?.[version] };
    expect(await dead.vectors.claim(model.sha256, claimed, id)).toBe(true);
    expect(await next.vectors.claim(model.sha256, claimed, id)).toBe(false);
    await next.embedding.turn();
    expect((await rows()).map(({ ready }) => ready)).toEqual([true, false, true]);
    await database.pool.query(`UPDATE librarian.passage_vectors SET claimed_until = now() WHERE vectors IS NULL`);
    await next.embedding.turn();
    expect((await rows()).map(({ ready }) => ready)).toEqual([true, true, true]);
  });

  it('go with their text, and come with the new one', async () => {
    const here = replica();
    await here.bring(ADA, 'a.md', 'The pump.');
    await add(here, 'tiny');
    await here.domain.use({ name: 'tiny' });
    await here.embedding.turn();
    expect(await rows()).toHaveLength(2);
    await here.bring(ADA, 'a.md', 'The dome.');
    expect((await rows()).map(({ file }) => file)).toEqual(['README.md']);
    // Until there are new ones, words rank it.
    expect((await here.files(ADA, 'dome'))[0]).toBe('mine/a.md');
    await here.embedding.turn();
    expect(await rows()).toHaveLength(2);
    await database.pool.query('DELETE FROM librarian.collections');
    expect(await rows()).toHaveLength(1);
  });

  it('of a dataset go when its card changes, and stay when it does not', async () => {
    const here = replica();
    await add(here, 'tiny');
    await here.domain.use({ name: 'tiny' });
    const card = { datasetId: 'ds_pump', version: 1, text: '# Pump\n\nFlow of the pump.' };
    await here.cards.put(card);
    await here.embedding.turn();
    expect((await rows()).map(({ file }) => file)).toContain('datasets/ds_pump.md');
    await here.cards.put(card);
    expect((await rows()).map(({ file }) => file)).toContain('datasets/ds_pump.md');
    await here.cards.put({ ...card, version: 2, text: '# Pump\n\nAnother flow.' });
    expect((await rows()).map(({ file }) => file)).not.toContain('datasets/ds_pump.md');
    await here.cards.withdraw('ds_pump', 2);
  });

  it('of another model are made while the first one answers', async () => {
    const here = replica();
    await here.bring(ADA, 'a.md', 'Rotate it slowly by hand.');
    await add(here, 'first');
    await add(here, 'second', { seed: 2 });
    await here.domain.use({ name: 'first' });
    await here.embedding.turn();
    const states = async () =>
      Object.fromEntries((await here.domain.list()).models.map(({ name, state }) => [name, state]));
    await here.domain.use({ name: 'second' });
    expect(await states()).toEqual({ first: 'answering', second: 'coming' });
    expect(await here.files(ADA, 'turbo pump')).toContain('mine/a.md');
    await expect(here.domain.remove({ name: 'first' })).rejects.toMatchObject({ code: 'conflict' });
    await here.embedding.turn();
    expect(await states()).toEqual({ first: 'kept', second: 'answering' });
    expect(await here.files(ADA, 'turbo pump')).toContain('mine/a.md');
    await here.embedding.turn();
    expect((await rows()).map(({ model }) => model)).toEqual(['second', 'second']);
    expect(await here.domain.remove({ name: 'first' })).toEqual({ removed: 'first' });
    await expect(here.domain.use({ name: 'first' })).rejects.toMatchObject({ code: 'not_found' });
  });

  it('of a model that is late or broken are done without, and the list tells why', async () => {
    const here = replica();
    await add(here, 'tiny');
    await here.domain.use({ name: 'tiny' });
    await here.embedding.turn();
    const late = replica({ meaningMs: 1 });
    const words = await replica().ask(BOB, 'Where are the pumps?');
    expect((await late.ask(BOB, 'Where are the pumps?')).answered).toBe(words.answered);
    expect(late.meanings.counts).toMatchObject({
      questions: 1,
      withoutModel: 1,
      problem: expect.stringContaining('in time'),
    });
    await cp(join(folder, 'installed'), join(folder, 'other'), { recursive: true });
    await rm(join(folder, 'blobs'), { recursive: true });
    const broken = replica();
    expect((await broken.ask(BOB, 'Where are the pumps?')).answered).toBe(words.answered);
    expect((await broken.domain.list()).problem).not.toBeNull();
    await expect(broken.embedding.turn()).resolves.toBeUndefined();
  });
});
