// Collections on a real database, as two replicas have them: who finds what, what a second ingestion touches, and what is left when one
// is cut off in the middle.
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs } from '@labmesh/blobs';
import {
  type Call,
  type librarian,
  type Principal,
  ROLE_PERMISSIONS,
  type Role,
  type ToolInput,
} from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import type { Lifecycle, Logger } from '@labmesh/runtime';
import { type GitServer, gitIn, gitServer } from '@labmesh/testing';
import type pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { Knowledge } from '../answers/knowledge.js';
import { AS_IT_STANDS } from '../answers/spelling/spelling.testing.js';
import { Library } from '../corpus/library.js';
import { DatasetCardsRepository } from '../datasets/dataset-cards.repository.js';
import { NO_CODE } from '../code/code.testing.js';
import { NO_PROJECTS } from '../projects/projects.testing.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { CollectionsRepository } from './collections.repository.js';
import { Extraction } from './extraction/extraction.js';
import { Offering } from './files/offering.js';
import { inMemory } from './files/source-file.js';
import { Ingestion } from './ingestion.js';
import { Taker } from './taking.js';
import { WatchedRepository } from './watched.repository.js';
import { Watching } from './watching.js';

type Input = Omit<ToolInput<typeof librarian.tools.ingest_source>, 'collection'> & { collection?: string };

let folder: string;
let database: Database;
let wallets = 0;
const uploads = new Map<string, { owner: string; name: string; bytes: Buffer }>();
const extraction = new Extraction();

/** Somebody new. */
function person(role: Role = 'researcher'): Principal {
  wallets += 1;
  const walletId = `wal_01990000-0000-7000-8000-${String(wallets).padStart(12, '0')}`;
  return { walletId, role, permissions: ROLE_PERMISSIONS[role], credentialId: 'test' };
}

const callOf = (principal: Principal): Call => ({ principal, signal: new AbortController().signal }) as unknown as Call;

/** A replica as the module wires it. */
function replica(pool: Pick<Database, 'pool'> = database, hosts: GitServer['host'][] = [], home?: string) {
  const log = { info: () => undefined, warn: () => undefined } as unknown as Logger;
  const collections = new CollectionsRepository(pool);
  const watched = new WatchedRepository(pool);
  const cards = new DatasetCardsRepository(database);
  const library = new Library(
    { installRoot: join(folder, 'installed'), ...(home === undefined ? {} : { home }) },
    new SolutionsRepository(database),
    cards,
    collections,
    log,
  );
  const blobs = {
    uploads: {
      find: async (id: string, owner: string) => {
        const found = uploads.get(id);
        return found?.owner === owner
          ? { uploadId: id, bytes: found.bytes.length, name: found.name, finishedAt: new Date() }
          : undefined;
      },
      open: async (id: string) => [uploads.get(id)?.bytes ?? Buffer.of()],
      remove: async (id: string) => void uploads.delete(id),
    },
  } as unknown as Blobs;
  const config = { folders: [join(folder, 'allowed')], hosts, lookMs: 200 };
  const offering = new Offering(config, blobs);
  const taker = new Taker(collections, extraction);
  const ingestion = new Ingestion(offering, taker, collections, watched, library, NO_PROJECTS, NO_CODE);
  const knowledge = new Knowledge(library, { of: async () => undefined }, NO_PROJECTS, NO_CODE, NO_CODE, AS_IT_STANDS);
  const watching = new Watching(
    config,
    watched,
    offering,
    taker,
    library,
    { onServing: () => undefined } as unknown as Lifecycle,
    log,
  );
  const ingest = async (who: Principal, input: Input) => {
    const steps = ingestion.ingest({ collection: 'mine', ...input }, callOf(who));
    const told: string[] = [];
    for (;;) {
      const step = await steps.next();
      if (step.done === true) return { ...step.value, told };
      told.push(step.value.message);
    }
  };
  const text = (who: Principal, name: string, content: string) => ingest(who, { text: { name, content } });
  const ask = async (who: Principal, question: string) =>
    knowledge.answer({ question, limit: 5, context: [] }, callOf(who));
  /** What is cited, or near where nothing answers. */
  const files = async (who: Principal, question: string) => {
    const { citations, nearest } = await ask(who, question);
    return [...citations, ...nearest].map(({ file }) => file);
  };
  return { ingest, text, ask, files, ingestion, knowledge, watching, taker, collections, library };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-sources-'));
  await mkdir(join(folder, 'installed'));
  await writeFile(join(folder, 'installed/README.md'), '# The lab\n\nThe pumps of the lab are in the cellar.\n');
  database = await openDatabase({ folder: join(folder, 'pg') });
});
beforeEach(async () => {
  await rm(join(folder, 'allowed'), { recursive: true, force: true });
  await mkdir(join(folder, 'allowed/manuals/deep'), { recursive: true });
});
afterAll(async () => {
  extraction.onModuleDestroy();
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a collection', () => {
  it('is found by its owner at every replica, and by nobody else, in no answer, list, count or number', async () => {
    const [here, there] = [replica(), replica()];
    const [ada, bob] = [person(), person('operator')];
    const before = await there.ask(bob, 'Which pumps stall?');
    const listed = await there.ingestion.list({}, callOf(bob));
    const { collectionId, added } = await here.text(
      ada,
      'pumps.md',
      '# Pumps\n\nPumps of type zyxwv stall at 40 Hz.\n',
    );
    expect(added).toBe(1);
    const file = `${collectionId}/pumps.md`;
    for (const { files, knowledge } of [here, there]) {
      expect(await files(ada, 'Which pumps stall?')).toContain(file);
      expect((await knowledge.document(file, callOf(ada))).text).toContain('zyxwv');
      expect(await files(bob, 'zyxwv')).toEqual([]);
      expect((await knowledge.documents(bob)).map((document) => document.file)).toEqual(['README.md']);
      const failures = await Promise.all(
        [file, 'col_nothing/pumps.md'].map((each) =>
          knowledge.document(each, callOf(bob)).catch((error: Error) => error.message.replace(each, '')),
        ),
      );
      expect(failures[0]).toBe(failures[1]);
    }
    // Not even the scores of what both may read say that there is more.
    expect(await there.ask(bob, 'Which pumps stall?')).toEqual(before);
    expect(await there.ingestion.list({}, callOf(bob))).toEqual(listed);
    await expect(here.ingestion.remove({ collectionId }, callOf(bob))).rejects.toMatchObject({ code: 'not_found' });
    expect(await here.ingestion.remove({ collectionId }, callOf(ada))).toEqual({ removed: 1 });
    for (const { files } of [here, there]) expect(await files(ada, 'zyxwv')).toEqual([]);
  });

  it('is shared with the lab by an operator alone, and taken back', async () => {
    const lab = replica();
    const [ada, operator] = [person(), person('operator')];
    await expect(lab.ingest(ada, { text: { name: 'a.md', content: 'x' }, readers: 'lab' })).rejects.toMatchObject({
      code: 'forbidden',
      message: expect.stringContaining('knowledge:operate'),
    });
    const shared = { text: { name: 'cold.md', content: 'The cryostat wants helium.' } };
    const { collectionId } = await lab.ingest(operator, { ...shared, readers: 'lab' });
    expect(await lab.files(ada, 'cryostat')).toEqual([`${collectionId}/cold.md`]);
    const seen = (await lab.ingestion.list({}, callOf(ada))).collections.find(
      (each) => each.collectionId === collectionId,
    );
    expect(seen).toMatchObject({ readers: 'lab', documents: 1, sources: [] });
    await expect(lab.ingestion.remove({ collectionId }, callOf(ada))).rejects.toMatchObject({ code: 'not_found' });
    expect(await lab.ingest(operator, { ...shared, readers: 'owner' })).toMatchObject({ unchanged: 1, changed: 0 });
    expect(await lab.files(ada, 'cryostat')).toEqual([]);
    expect(await lab.files(operator, 'cryostat')).toEqual([`${collectionId}/cold.md`]);
  });

  it('has sources that come and go by themselves', async () => {
    const lab = replica();
    const ada = person();
    const first = await lab.text(ada, 'a.md', 'alphaword');
    const second = await lab.text(ada, 'b.md', 'betaword');
    expect(second.collectionId).toBe(first.collectionId);
    const [mine] = (await lab.ingestion.list({}, callOf(ada))).collections.filter(
      ({ owner }) => owner === ada.walletId,
    );
    expect(mine).toMatchObject({ name: 'mine', documents: 2, sources: [{ place: 'a.md' }, { place: 'b.md' }] });
    await lab.ingestion.remove({ collectionId: first.collectionId, sourceId: first.sourceId }, callOf(ada));
    expect([await lab.files(ada, 'alphaword'), (await lab.files(ada, 'betaword')).length]).toEqual([[], 1]);
    await lab.ingestion.remove({ collectionId: first.collectionId, sourceId: second.sourceId }, callOf(ada));
    const left = (await lab.ingestion.list({}, callOf(ada))).collections.filter(({ owner }) => owner !== 'lab');
    expect(left).toEqual([]);
  });
});

describe('what is brought again', () => {
  it('touches what changed: port 7001, then 7002, then none', async () => {
    const [here, there] = [replica(), replica()];
    const operator = person('operator');
    const manuals = join(folder, 'allowed/manuals');
    const ports = () =>
      Promise.all([here, there].flatMap(({ files }) => ['7001', '7002'].map((port) => files(operator, port))));
    await writeFile(join(manuals, 'port.md'), '# Port\n\nThe controller listens on 7001.\n');
    await writeFile(join(manuals, 'deep/seal.md'), '# Seal\n\nReplace the tip seal.\n');
    const first = await here.ingest(operator, { folder: manuals });
    expect(first).toMatchObject({ added: 2, changed: 0, unchanged: 0, removed: 0 });
    expect(first.told).toContain('Reading manuals/port.md');
    const port = [`${first.collectionId}/manuals/port.md`];
    expect(await ports()).toEqual([port, [], port, []]);
    await writeFile(join(manuals, 'port.md'), '# Port\n\nThe controller listens on 7002.\n');
    expect(await here.ingest(operator, { folder: manuals })).toMatchObject({
      added: 0,
      changed: 1,
      unchanged: 1,
      removed: 0,
    });
    expect(await ports()).toEqual([[], port, [], port]);
    expect(await there.ingest(operator, { folder: manuals })).toMatchObject({ changed: 0, unchanged: 2 });
    await rm(join(manuals, 'port.md'));
    expect(await there.ingest(operator, { folder: manuals })).toMatchObject({ unchanged: 1, removed: 1 });
    expect(await ports()).toEqual([[], [], [], []]);
  });

  it('is there as a whole or not at all when it is cut off between what goes and what comes', async () => {
    const ada = person();
    const lab = replica();
    await lab.text(ada, 'port.md', 'The controller listens on 7001.');
    const cut = replica({ pool: failingAt(database.pool, /INSERT INTO librarian\.documents/) });
    await expect(cut.text(ada, 'port.md', 'The controller listens on 7002.')).rejects.toThrow('the connection is lost');
    for (const { files } of [lab, replica()]) {
      expect(await files(ada, '7001')).toHaveLength(1);
      expect(await files(ada, '7002')).toEqual([]);
    }
    expect(await lab.text(ada, 'port.md', 'The controller listens on 7002.')).toMatchObject({ changed: 1, added: 0 });
    for (const { files } of [lab, replica()]) {
      expect(await files(ada, '7001')).toEqual([]);
      expect(await files(ada, '7002')).toHaveLength(1);
    }
    // Of a first one nothing is left, not even its name.
    const eve = person();
    await expect(
      replica({ pool: failingAt(database.pool, /INSERT INTO librarian\.documents/) }).text(eve, 'a.md', 'x'),
    ).rejects.toThrow();
    expect((await lab.ingestion.list({}, callOf(eve))).collections.filter(({ owner }) => owner !== 'lab')).toEqual([]);
  });

  it('by two at once ends as one of them says, and both are told', async () => {
    const lab = replica();
    const ada = person();
    await lab.text(ada, 'start.md', 'x');
    const both = await Promise.all(
      Array.from({ length: 4 }, (_, at) => lab.text(ada, `at-once-${at}.md`, `word${at}word`)),
    );
    expect(both.map(({ added }) => added)).toEqual([1, 1, 1, 1]);
    for (const [at] of both.entries()) expect(await lab.files(ada, `word${at}word`)).toHaveLength(1);
  });
});

describe('after a new start', () => {
  it('nothing that did not change is read again, and nothing is found that is no more', async () => {
    const home = join(folder, 'kept');
    await mkdir(home, { recursive: true });
    const owner = person();
    const before = replica(database, [], home);
    await before.text(owner, 'stays.md', 'The pump hums at night.');
    await before.text(owner, 'changes.md', 'The door of the lab is blue.');
    await before.text(owner, 'goes.md', 'The lamp of the lab is old.');
    await before.ingest(owner, {
      collection: 'gone',
      text: { name: 'a.md', content: 'The stove of the lab is cold.' },
    });
    const found = await before.files(owner, 'Which pump hums?');
    expect(found).not.toEqual([]);
    await before.library.onModuleDestroy();

    const meanwhile = replica();
    await meanwhile.text(owner, 'changes.md', 'The door of the lab is red.');
    const { collections } = await meanwhile.ingestion.list({}, callOf(owner));
    for (const { collectionId, name, sources } of collections.filter((each) => each.owner === owner.walletId))
      for (const { sourceId, place } of sources)
        if (name === 'gone' || place === 'goes.md')
          await meanwhile.ingestion.remove({ collectionId, sourceId }, callOf(owner));

    const after = replica(database, [], home);
    const texts = vi.spyOn(after.collections, 'texts');
    expect(await after.files(owner, 'Which pump hums?')).toEqual(found);
    expect(texts.mock.calls.map(([, paths]) => paths)).toEqual([['changes.md']]);
    const { citations, nearest } = await after.ask(owner, 'Which colour has the door of the lab?');
    const doors = [...citations, ...nearest].map(({ text }) => text).filter((text) => text.includes('door'));
    expect(doors).toEqual(['The door of the lab is red.']);
    expect(await after.files(owner, 'How old is the lamp?')).not.toContainEqual(expect.stringContaining('goes.md'));
    expect(await after.files(owner, 'Is the stove cold?')).not.toContainEqual(expect.stringContaining('a.md'));
    await after.library.onModuleDestroy();
  });
});

describe('a folder', () => {
  it('is taken only where the operator allows it, by whoever may, and without a link', async () => {
    const lab = replica();
    const operator = person('operator');
    await mkdir(join(folder, 'secret'), { recursive: true });
    await writeFile(join(folder, 'secret/key.md'), 'the secret key');
    await symlink(join(folder, 'secret'), join(folder, 'allowed/link'));
    await symlink(join(folder, 'secret/key.md'), join(folder, 'allowed/manuals/key.md'));
    await writeFile(join(folder, 'allowed/manuals/a.md'), 'a manual');
    await writeFile(join(folder, 'allowed/manuals/bad.md'), Buffer.from([0xff, 0xfe]));
    await writeFile(join(folder, 'allowed/manuals/.hidden.md'), 'hidden');
    await writeFile(join(folder, 'allowed/manuals/photo.jpg'), 'x');
    for (const path of ['secret', 'allowed/../secret', 'allowed/manuals/../../secret', 'allowed/link', 'allowedly'])
      await expect(lab.ingest(operator, { folder: `${folder}/${path}` })).rejects.toMatchObject({
        code: expect.stringMatching(/^(forbidden|not_found)$/),
      });
    await expect(lab.ingest(operator, { folder: 'allowed' })).rejects.toMatchObject({ code: 'forbidden' });
    await expect(lab.ingest(person(), { folder: join(folder, 'allowed/manuals') })).rejects.toMatchObject({
      code: 'forbidden',
    });
    const taken = await lab.ingest(operator, { folder: join(folder, 'allowed/manuals') });
    expect(taken).toMatchObject({ added: 1, skippedCount: 3 });
    expect(taken.skipped.map(({ path }) => path).sort()).toEqual([
      'manuals/bad.md',
      'manuals/key.md',
      'manuals/photo.jpg',
    ]);
    expect(await lab.files(operator, 'secret key')).toEqual([]);
  });

  it('is looked at again by itself; one that cannot be read changes nothing, and says so', async () => {
    const [here, there] = [replica(), replica()];
    const operator = person('operator');
    const manuals = join(folder, 'allowed/manuals');
    await writeFile(join(manuals, 'a.md'), 'firstword');
    await here.ingest(operator, { folder: manuals });
    await writeFile(join(manuals, 'a.md'), 'secondword');
    const look = () => Promise.all([here.watching.turn(), there.watching.turn()]);
    await look();
    expect([await here.files(operator, 'firstword'), (await there.files(operator, 'secondword')).length]).toEqual([
      [],
      1,
    ]);
    await rename(manuals, join(folder, 'allowed/elsewhere'));
    const problem = async () =>
      (await here.ingestion.list({}, callOf(operator))).collections.flatMap(({ sources }) =>
        sources.map((each) => each.problem),
      );
    const lookAndTell = async () => {
      await look();
      return problem();
    };
    await expect.poll(lookAndTell, { timeout: 20_000 }).toEqual([expect.stringContaining('no such folder')]);
    expect(await here.files(operator, 'secondword')).toHaveLength(1);
    await rename(join(folder, 'allowed/elsewhere'), manuals);
    await expect.poll(lookAndTell, { timeout: 20_000 }).toEqual([null]);
  });
});

describe('a repository', () => {
  it('is looked at again by its branch or tag; at what a commit says nobody looks, and what is gone changes nothing', async () => {
    const work = join(folder, 'allowed/handbook');
    const bare = join(folder, 'allowed/handbook.git');
    const git = (...args: string[]) => gitIn(work, ...args);
    const commit = async (text: string) => {
      await writeFile(join(work, 'start.md'), text);
      await git('add', '-A');
      await git('commit', '-qm', text);
      await git('push', '-q', bare, 'HEAD:refs/heads/main', 'HEAD:refs/heads/trunk');
      return git('rev-parse', 'HEAD');
    };
    await mkdir(work);
    await git('init', '-q');
    await gitIn(folder, 'init', '-q', '--bare', '-b', 'main', bare);
    const first = await commit('The firstbranch valve.');
    await using server = await gitServer(join(folder, 'allowed'));
    const lab = replica(database, [server.host]);
    const operator = person('operator');
    const url = `${server.url}/handbook.git`;
    await lab.ingest(operator, { git: { url, ref: 'trunk' } });
    await lab.ingest(operator, { collection: 'pinned', git: { url, ref: first } });
    const sources = async () =>
      (await lab.ingestion.list({}, callOf(operator))).collections.flatMap((one) =>
        one.owner === operator.walletId ? one.sources : [],
      );
    const look = async () => {
      await database.pool.query(
        `UPDATE librarian.sources SET next_look_at = now() WHERE came_from = 'git' AND next_look_at IS NOT NULL`,
      );
      await lab.watching.turn();
    };
    await look();
    expect((await sources()).map(({ ref, commit: taken }) => [ref, taken])).toEqual([
      ['trunk', first],
      [first, first],
    ]);
    const second = await commit('The secondbranch valve.');
    await look();
    expect(await lab.files(operator, 'secondbranch')).toHaveLength(1);
    expect((await sources()).map(({ commit: taken }) => taken)).toEqual([second, first]);
    await git('push', '-q', bare, ':refs/heads/trunk');
    await look();
    expect((await sources()).map(({ problem }) => problem)).toEqual([
      expect.stringContaining('no branch or tag trunk any more') as string,
      null,
    ]);
    expect(await lab.files(operator, 'secondbranch')).toHaveLength(1);
  });
});

describe('an upload', () => {
  it('is its wallet’s, becomes a document, and is forgotten', async () => {
    const lab = replica();
    const [ada, bob] = [person(), person()];
    uploads.set('up_1', {
      owner: ada.walletId,
      name: 'guide.html',
      bytes: Buffer.from('<h1>Guide</h1><p>Degas the chamber.'),
    });
    const { collectionId } = await lab.ingest(ada, { uploadId: 'up_1' });
    expect(await lab.files(ada, 'degas')).toEqual([`${collectionId}/guide.html`]);
    expect([uploads.has('up_1'), await lab.files(bob, 'degas')]).toEqual([false, []]);
    // A text of the same name is the same document.
    expect(await lab.text(ada, 'guide.html', '<p>Vent the chamber.')).toMatchObject({ changed: 1, added: 0 });
  });
});

describe('bounds', () => {
  it('a wallet has so many documents and characters, and no more', async () => {
    const { taker } = replica();
    const ada = person();
    const take = async (names: readonly string[], quota: { documents: number; characters: number }) => {
      const files = names.map((name) => inMemory(name, Buffer.from(`text of ${name}`)));
      const name = { owner: ada.walletId, collection: names[0] ?? '', from: 'text' as const, place: names[0] ?? '' };
      const offered = { files, skipped: [], commit: null };
      const steps = taker.take({ name, offered, kind: null, quota, signal: new AbortController().signal });
      for (;;) {
        const step = await steps.next();
        if (step.done === true) return step.value;
      }
    };
    const refused = { code: 'quota_exceeded' };
    await expect(take(['a', 'b', 'c'], { documents: 2, characters: 1_000 })).rejects.toMatchObject(refused);
    await expect(take(['a'], { documents: 2, characters: 5 })).rejects.toMatchObject(refused);
    await take(['a', 'b'], { documents: 2, characters: 1_000 });
    await expect(take(['c'], { documents: 2, characters: 1_000 })).rejects.toMatchObject(refused);
    await expect(take(['c'], { documents: 9, characters: 20 })).rejects.toMatchObject(refused);
    expect(await take(['c'], { documents: 3, characters: 1_000 })).toMatchObject({ added: 1 });
  });

  it.each([
    ['../a.md', 'invalid_input'],
    ['/etc/passwd', 'invalid_input'],
    ['a\0.md', 'invalid_input'],
    ['CON', 'invalid_input'],
  ])('no document is named %s', async (name, code) => {
    await expect(replica().text(person(), name, 'x')).rejects.toMatchObject({ code });
  });
});

/** A pool whose clients lose their connection at a statement, after all before it were done. */
function failingAt(pool: pg.Pool, statement: RegExp): pg.Pool {
  const connect = async () => {
    const client = await pool.connect();
    return new Proxy(client, {
      get(target, name) {
        const value = Reflect.get(target, name) as unknown;
        if (typeof value !== 'function') return value;
        return (...given: unknown[]) => {
          if (name === 'query' && statement.test(String(given[0])))
            return Promise.reject(new Error('the connection is lost'));
          return (value as (...args: unknown[]) => unknown).apply(target, given);
        };
      },
    });
  };
  return new Proxy(pool, {
    get: (target, name) => {
      if (name === 'connect') return connect;
      const value = Reflect.get(target, name) as unknown;
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
