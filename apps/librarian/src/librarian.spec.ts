// The Librarian on a real database: two replicas on the same one, and a whole process that tells of its agents.

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@labmesh/agent';
import {
  AGENTS,
  type AppError,
  type Call,
  librarian,
  type Principal,
  ROLE_PERMISSIONS,
  type ToolInput,
} from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { type Logger, readLabConfig } from '@labmesh/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_FOUND } from './answers/answering.js';
import { Knowledge } from './answers/knowledge.js';
import { AS_IT_STANDS } from './answers/spelling/spelling.testing.js';
import { UNTRUSTED } from './answers/place.js';
import { versionOf } from './corpus/document.js';
import { Library } from './corpus/library.js';
import { DatasetCardsRepository } from './datasets/dataset-cards.repository.js';
import { SightingsRepository } from './errors/sightings.repository.js';
import { LibrarianModule } from './librarian.module.js';
import { Manifest } from './manifest/manifest.js';
import { NO_CODE } from './code/code.testing.js';
import { NO_PROJECTS } from './projects/projects.testing.js';
import { Logbook } from './solutions/logbook.js';
import { LookAlikes } from './solutions/look-alikes.js';
import { SolutionList } from './solutions/solution-list.js';
import { SolutionsRepository } from './solutions/solutions.repository.js';
import { Standing } from './solutions/standing.js';
import { StandingRepository } from './solutions/standing.repository.js';
import { CollectionsRepository } from './sources/collections.repository.js';

const AUTHOR: Principal = {
  walletId: 'wal_01990000-0000-7000-8000-000000000001',
  role: 'researcher',
  permissions: ROLE_PERMISSIONS.researcher,
  credentialId: 'test',
};
const PUMP = {
  title: 'Dry pump stalls',
  problem: 'The roughing pump stalls at 40 Hz.',
  solution: 'Replace the tip seal.',
  tags: ['pump'],
  evidence: [],
  ifSimilar: 'tell' as const,
};
const another = (role: 'researcher' | 'validator'): Principal => ({
  ...AUTHOR,
  walletId: `wal_${randomUUID()}`,
  role,
  permissions: ROLE_PERMISSIONS[role],
});

const callOf = (principal: Principal): Call => ({ principal }) as unknown as Call;

let folder: string;
let database: Database;

/** A replica as the module wires it, over the shared database. */
async function replica(installation = () => join(folder, 'installed')) {
  const rows = new SolutionsRepository(database);
  const cards = new DatasetCardsRepository(database);
  const told: string[] = [];
  const config = {
    get installRoot() {
      return installation();
    },
  };
  const log = { info: (_details: object, message: string) => void told.push(message), warn: () => undefined };
  const library = new Library(config, rows, cards, new CollectionsRepository(database), log as unknown as Logger);
  const sightings = new SightingsRepository(database);
  const standings = new StandingRepository(database, { poke: () => undefined });
  const knowledge = new Knowledge(library, { of: async () => undefined }, NO_PROJECTS, NO_CODE, NO_CODE, AS_IT_STANDS);
  const logbook = new Logbook(rows, new LookAlikes(rows, library), library, sightings, NO_PROJECTS, NO_PROJECTS);
  const list = new SolutionList(standings, library, NO_PROJECTS);
  type Tools = typeof librarian.tools;
  return {
    knowledge: {
      answer: (asked: ToolInput<Tools['query_knowledge_base']>, who: Principal) => knowledge.answer(asked, callOf(who)),
      document: (file: string, who: Principal) => knowledge.document(file, callOf(who)),
    },
    logbook: { log: (said: ToolInput<Tools['log_new_solution']>, who: Principal) => logbook.log(said, callOf(who)) },
    list: { list: (asked: ToolInput<Tools['list_solutions']>, who: Principal) => list.list(asked, callOf(who)) },
    standing: new Standing(standings),
    told,
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-librarian-'));
  await mkdir(join(folder, 'installed'));
  await writeFile(join(folder, 'installed/README.md'), '# The lab\n\nDatasets live with the Curator.\n');
  database = await openDatabase({ folder: join(folder, 'pg') });
});

afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('a logged solution', () => {
  it('is found at once, here and by another replica that was there before', async () => {
    const [here, there] = [await replica(), await replica()];
    const ask = { question: 'Why does the roughing pump stall?', limit: 5, context: [] };
    expect(await there.knowledge.answer(ask, AUTHOR)).toMatchObject({ answer: NOTHING_FOUND, citations: [] });

    const logged = await here.logbook.log(PUMP, AUTHOR);
    expect(librarian.tools.log_new_solution.output.parse(logged)).toEqual(logged);
    for (const { knowledge } of [here, there, await replica()]) {
      const { answer, citations } = await knowledge.answer(ask, AUTHOR);
      expect(answer).toBe('Replace the tip seal. [1]\n\nThe roughing pump stalls at 40 Hz. [2]');
      expect(citations[0]).toMatchObject({ number: 1, file: logged.file, heading: 'Dry pump stalls > Solution' });
      const { text, title } = await knowledge.document(logged.file, AUTHOR);
      expect(title).toBe(PUMP.title);
      expect(text.slice(citations[0]?.start, citations[0]?.end)).toBe(citations[0]?.text);
      expect(text).toContain('Replace the tip seal.');
      expect(text).not.toContain(AUTHOR.walletId);
    }
  });

  it('keeps its author and a number without gaps', async () => {
    const { logbook } = await replica();
    const cases = ['dome', 'laser', 'mirror', 'motor', 'oven', 'relay', 'valve', 'wire'];
    const log = (name: string) =>
      logbook.log({ ...PUMP, problem: `${name} ${name} ${name}`, solution: `turn the ${name} off` }, AUTHOR);
    // Each twice at once: half of them find that they are there.
    const logged = await Promise.all([...cases, ...cases].map(log));
    expect(logged.filter(({ alreadyLogged }) => alreadyLogged)).toHaveLength(cases.length);
    expect(new Set(logged.map(({ file }) => file)).size).toBe(cases.length);
    const { rows } = await database.pool.query<{ sequence: string; author: string }>(
      'SELECT sequence, author_wallet_id AS author FROM librarian.solutions ORDER BY sequence',
    );
    expect(rows.map(({ sequence }) => Number(sequence))).toEqual(rows.map((_, at) => at + 1));
    expect(new Set(rows.map(({ author }) => author))).toEqual(new Set([AUTHOR.walletId]));
  });

  it('is read page by page when there are many', async () => {
    await database.pool.query(`
      WITH counted AS (UPDATE librarian.solution_counter SET last = last + 450 RETURNING last - 450 AS before)
      INSERT INTO librarian.solutions (id, sequence, title, problem, solution, tags, author_wallet_id, logged_at)
        SELECT 'sol_many-' || n, before + n, 'Many', 'problem', 'numbered marker' || n, '{}', 'wal_x', now() FROM counted, generate_series(1, 450) n`);
    const { knowledge } = await replica();
    expect((await knowledge.document('solutions/sol_many-450.md', AUTHOR)).title).toBe('Many');
    expect((await knowledge.answer({ question: 'marker1', limit: 5, context: [] }, AUTHOR)).citations[0]?.file).toBe(
      'solutions/sol_many-1.md',
    );
  });

  it('is refused when the database cannot keep it', async () => {
    const { logbook } = await replica();
    await expect(logbook.log({ ...PUMP, solution: 'a\0b' }, AUTHOR)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('a solution that is there', () => {
  const LENS = {
    ...PUMP,
    title: 'Lens fogs',
    problem: 'The front lens fogs when the dome opens on a humid night.',
    solution: 'Blow dry air over it for five minutes, then open the dome slowly.',
  };

  it('is answered for the same again, whoever says it and however it is written', async () => {
    const [here, there] = [await replica(), await replica()];
    const first = await here.logbook.log(
      { ...LENS, errorText: 'lens 4 fogged at 3.2 C\n  at focus (a.js:3:1)' },
      AUTHOR,
    );
    expect(first).toMatchObject({ alreadyLogged: false, variantOf: null, errors: 1 });
    const shouted = {
      ...LENS,
      title: 'Other title',
      problem: `  ${LENS.problem.toUpperCase().replaceAll(' ', '\n ')}`,
    };
    expect(await there.logbook.log(shouted, another('validator'))).toEqual({ ...first, alreadyLogged: true });
    const { rows } = await database.pool.query('SELECT error_templates FROM librarian.solutions WHERE title = $1', [
      LENS.title,
    ]);
    expect(rows).toEqual([{ error_templates: ['lens <*> fogged at <*> C'] }]);
  });

  it('is named when another looks like it, which is then a variant of it or apart, as its author says', async () => {
    const { logbook, knowledge, list } = await replica();
    const [first] = (await list.list({ ...ALL, words: 'humid lens' }, AUTHOR)).solutions;
    const nearly = { ...LENS, solution: LENS.solution.replace('five', 'ten') };
    await expect(logbook.log(nearly, AUTHOR)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(`looks like ${first?.file} .*\\d\\d % alike`) as string,
    });
    const variant = await logbook.log({ ...nearly, ifSimilar: 'variant' }, AUTHOR);
    expect(variant).toMatchObject({ alreadyLogged: false, variantOf: first?.file });
    expect((await knowledge.document(variant.file, AUTHOR)).text).toContain(`kb://${first?.file}`);
    const of = { ...LENS, solution: LENS.solution.replace('five', 'six') };
    expect((await logbook.log({ ...of, ifSimilar: 'variant' }, AUTHOR)).variantOf).toBe(first?.file);
    const apart = { ...LENS, solution: LENS.solution.replace('five', 'nine'), ifSimilar: 'apart' as const };
    expect(await logbook.log(apart, AUTHOR)).toMatchObject({ alreadyLogged: false, variantOf: null });
    const unlike = { ...LENS, solution: 'Replace the heater of the front cell; ours had burnt out.' };
    expect(await logbook.log(unlike, AUTHOR)).toMatchObject({ alreadyLogged: false, variantOf: null });
  });

  it('has evidence that is there', async () => {
    const { logbook, knowledge } = await replica();
    const oven = { ...PUMP, problem: 'The oven overshoots by 4 K.', solution: 'Lower the integral gain to 0.2.' };
    const evidence = ['kb://README.md', 'job_01990000-0000-7000-8000-000000000001', 'https://example.org/pid'];
    await expect(logbook.log({ ...oven, evidence: ['kb://nowhere.md'] }, AUTHOR)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const { file } = await logbook.log({ ...oven, evidence }, AUTHOR);
    const { text } = await knowledge.document(file, AUTHOR);
    for (const one of evidence) expect(text).toContain(`- \`${one}\``);
    const { evidence: field } = librarian.tools.log_new_solution.input.shape;
    expect(field.safeParse(evidence).success).toBe(true);
    for (const bad of ['javascript:alert(1)', 'https://a b', 'ds_', 'wal_1', 'kb://a`b', 'https://a\nb', ''])
      expect(field.safeParse([bad]).success, bad).toBe(false);
  });
});

const ALL = { tags: [] as string[], author: 'anyone' as const, order: 'newest' as const, limit: 100 };

describe('what is said of a solution', () => {
  it('counts one vote of a wallet, which can be taken back, and none of its author', async () => {
    const { logbook, standing, list, knowledge } = await replica();
    const { file } = await logbook.log({ ...PUMP, problem: 'Chiller ices up', solution: 'Clean the coil' }, AUTHOR);
    const before = (await knowledge.document(file, AUTHOR)).text;
    const [ada, ben] = [another('researcher'), another('validator')];
    const up = (who: Principal) => standing.vote({ file, vote: 'up' }, who);
    await Promise.all(Array.from({ length: 8 }, () => up(ada)));
    expect(await up(ben)).toEqual({ file, votes: 2, voted: true });
    for (const _ of [1, 2])
      expect(await standing.vote({ file, vote: 'withdrawn' }, ada)).toEqual({ file, votes: 1, voted: false });
    await expect(up(AUTHOR)).rejects.toMatchObject({ code: 'forbidden' });
    await expect(standing.vote({ file: 'solutions/sol_none.md', vote: 'up' }, ada)).rejects.toMatchObject({
      code: 'not_found',
    });
    const [top] = (await list.list({ ...ALL, order: 'votes' }, ben)).solutions;
    expect(top).toMatchObject({ file, votes: 1, voted: true, mine: false, acceptedAt: null });
    expect((await knowledge.document(file, AUTHOR)).text).toBe(before);
  });

  it('is accepted once, with one event, by somebody else than its author', async () => {
    const { logbook, standing, list } = await replica();
    const { file } = await logbook.log({ ...PUMP, problem: 'Bearing whines', solution: 'Grease it' }, AUTHOR);
    await expect(standing.accept({ file }, AUTHOR)).rejects.toMatchObject({ code: 'forbidden' });
    const validators = Array.from({ length: 6 }, () => another('validator'));
    const answers = await Promise.all(validators.map((who) => standing.accept({ file }, who)));
    expect(answers.filter(({ alreadyAccepted }) => !alreadyAccepted)).toHaveLength(1);
    expect(new Set(answers.map(({ acceptedAt }) => acceptedAt)).size).toBe(1);
    const { rows } = await database.pool.query<{ payload: { payload: object } }>(
      'SELECT payload FROM librarian.outbox',
    );
    expect(rows.map(({ payload }) => payload.payload)).toEqual([
      {
        solutionId: file.slice('solutions/'.length, -'.md'.length),
        walletId: AUTHOR.walletId,
        acceptedBy: validators[answers.findIndex(({ alreadyAccepted }) => !alreadyAccepted)]?.walletId,
      },
    ]);
    expect((await list.list({ ...ALL, accepted: true }, AUTHOR)).solutions.map((one) => one.file)).toEqual([file]);
    const open = (await list.list({ ...ALL, accepted: false }, AUTHOR)).solutions;
    expect(open.map((one) => one.file)).not.toContain(file);
  });

  it.each(['newest', 'votes'] as const)('is listed page by page, %s first, each once', async (order) => {
    const { list } = await replica();
    const files: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list.list({ ...ALL, order, ...(cursor === undefined ? {} : { cursor }) }, AUTHOR);
      files.push(...page.solutions.map(({ file }) => file));
      cursor = page.nextCursor;
      const other = order === 'votes' ? 'newest' : 'votes';
      if (cursor !== undefined)
        await expect(list.list({ ...ALL, order: other, cursor }, AUTHOR)).rejects.toMatchObject({
          code: 'invalid_input',
        });
    } while (cursor !== undefined);
    const { rows } = await database.pool.query<{ id: string }>(
      `SELECT id FROM librarian.solutions ORDER BY ${order === 'votes' ? 'votes DESC, ' : ''}sequence DESC`,
    );
    expect(files).toEqual(rows.map(({ id }) => `solutions/${id}.md`));
  });

  it('is found by words, tags and author', async () => {
    const { logbook, list } = await replica();
    const me = another('researcher');
    const said = { ...PUMP, problem: 'Spectrograph shutter sticks', solution: 'Warm it', tags: ['shutter', 'cold'] };
    const { file } = await logbook.log(said, me);
    const files = async (asked: object) => (await list.list({ ...ALL, ...asked }, me)).solutions.map((one) => one.file);
    for (const asked of [{ words: 'sticking spectrographs' }, { tags: ['cold', 'shutter'] }, { author: 'mine' }])
      expect(await files(asked)).toEqual([file]);
    for (const asked of [
      { words: 'spectrograph laser' },
      { tags: ['cold', 'pump'] },
      { words: 'shutter', accepted: true },
    ])
      expect(await files(asked)).toEqual([]);
    await expect(files({ words: 'the of' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(files({ cursor: 'bm9uc2Vuc2U' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('documents', () => {
  it('are given whole by their exact name', async () => {
    const { knowledge } = await replica();
    const document = await knowledge.document('README.md', AUTHOR);
    expect(document).toEqual({
      collection: 'docs',
      collectionName: 'docs',
      version: versionOf(document.text),
      untrusted: UNTRUSTED,
      file: 'README.md',
      title: 'The lab',
      text: '# The lab\n\nDatasets live with the Curator.\n',
    });
  });

  it('are read before the first use, once for all who ask at a time', async () => {
    const { knowledge, told } = await replica();
    expect(told).toEqual([]);
    const asked = Array.from({ length: 5 }, () =>
      knowledge.answer({ question: 'Where do datasets live?', limit: 1, context: [] }, AUTHOR),
    );
    for (const { citations } of await Promise.all(asked)) expect(citations[0]?.file).toBe('README.md');
    expect(told).toEqual(['the installed documents are read']);
  });

  it('that could not be read are tried again by the next question', async () => {
    let away = true;
    const { knowledge } = await replica(() => {
      if (away) throw new Error('the disk is away');
      return join(folder, 'installed');
    });
    await expect(knowledge.document('README.md', AUTHOR)).rejects.toThrow('the disk is away');
    away = false;
    expect((await knowledge.document('README.md', AUTHOR)).title).toBe('The lab');
  });

  it.each([
    'readme.md',
    './README.md',
    '../pg/PG_VERSION',
    '/etc/passwd',
    'constructor',
    '__proto__',
    '%2e%2e/README.md',
  ])('are not found under %s', async (file) => {
    const { knowledge } = await replica();
    const failure = (await knowledge.document(file, AUTHOR).catch((error: unknown) => error)) as AppError;
    expect(failure).toMatchObject({ code: 'not_found' });
    expect(failure.message).not.toContain(folder);
  });
});

describe('the manifest', () => {
  it('shows who answers, and who does not as down', async () => {
    const home = await mkdtemp(join(tmpdir(), 'labmesh-librarian-'));
    const config = readLabConfig({ port: 0, home, logLevel: 'silent' }, {});
    const running = await startProcess({
      name: 'librarian',
      module: LibrarianModule,
      config,
      database: true,
      blobs: true,
    });
    try {
      const manifest = await running.get(Manifest).read();
      expect(librarian.tools.get_agent_manifest.output.parse(manifest)).toEqual(manifest);
      expect(manifest.agents.map(({ name }) => name)).toEqual(AGENTS.map(({ name }) => name));
      for (const agent of manifest.agents.filter(({ name }) => name !== 'librarian')) {
        expect(agent).toMatchObject({
          status: 'down',
          instances: 0,
          version: null,
          startedAt: null,
          latencyMs: null,
          tools: [],
        });
      }
      const up = manifest.agents.find(({ name }) => name === 'librarian');
      expect(up).toMatchObject({
        status: 'up',
        instances: 1,
        version: config.version,
        endpoint: '/agents/librarian/mcp',
      });
      expect(up?.tools.map(({ name }) => name)).toEqual(
        Object.keys(librarian.tools).map((tool) => `librarian_${tool}`),
      );
    } finally {
      await running.stop();
      await rm(home, { recursive: true, force: true });
    }
  });
});
