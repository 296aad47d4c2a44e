// The Librarian on a real database: two replicas on the same one, and a whole process that tells of its agents.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startProcess } from '@labmesh/agent';
import { AGENTS, type AppError, librarian, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { readLabConfig } from '@labmesh/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NOTHING_FOUND } from './answers/answering.js';
import { Knowledge } from './answers/knowledge.js';
import { Library } from './corpus/library.js';
import { DatasetCardsRepository } from './datasets/dataset-cards.repository.js';
import { LibrarianModule } from './librarian.module.js';
import { Manifest } from './manifest/manifest.js';
import { Logbook } from './solutions/logbook.js';
import { SolutionsRepository } from './solutions/solutions.repository.js';

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
};

let folder: string;
let database: Database;

/** A replica as the module wires it, over the shared database. */
async function replica() {
  const rows = new SolutionsRepository(database);
  const cards = new DatasetCardsRepository(database);
  const library = new Library({ installRoot: join(folder, 'installed') }, rows, cards, {
    info: () => undefined,
    warn: () => undefined,
  });
  await library.onModuleInit();
  return { library, knowledge: new Knowledge(library), logbook: new Logbook(rows, library) };
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
    const ask = { question: 'Why does the roughing pump stall?', limit: 5 };
    expect(await there.knowledge.answer(ask)).toEqual({ answer: NOTHING_FOUND, citations: [] });

    const logged = await here.logbook.log(PUMP, AUTHOR);
    expect(librarian.tools.log_new_solution.output.parse(logged)).toEqual(logged);
    for (const { knowledge } of [here, there, await replica()]) {
      const { answer, citations } = await knowledge.answer(ask);
      expect(answer).toContain('The roughing pump stalls at 40 Hz. [1]');
      expect(citations[0]).toMatchObject({ number: 1, file: logged.file, heading: 'Dry pump stalls > Problem' });
      const { text, title } = await knowledge.document(logged.file);
      expect(title).toBe(PUMP.title);
      expect(text.slice(citations[0]?.start, citations[0]?.end)).toBe(citations[0]?.text);
      expect(text).toContain('Replace the tip seal.');
      expect(text).not.toContain(AUTHOR.walletId);
    }
  });

  it('keeps its author and a number without gaps', async () => {
    const { logbook } = await replica();
    await Promise.all(Array.from({ length: 8 }, (_, at) => logbook.log({ ...PUMP, title: `Case ${at}` }, AUTHOR)));
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
    expect((await knowledge.document('solutions/sol_many-450.md')).title).toBe('Many');
    expect((await knowledge.answer({ question: 'marker1', limit: 5 })).citations[0]?.file).toBe(
      'solutions/sol_many-1.md',
    );
  });

  it('is refused when the database cannot keep it', async () => {
    const { logbook } = await replica();
    await expect(logbook.log({ ...PUMP, solution: 'a\0b' }, AUTHOR)).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

describe('documents', () => {
  it('are given whole by their exact name', async () => {
    const { knowledge } = await replica();
    const document = await knowledge.document('README.md');
    expect(document).toEqual({
      file: 'README.md',
      title: 'The lab',
      text: '# The lab\n\nDatasets live with the Curator.\n',
    });
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
    const failure = (await knowledge.document(file).catch((error: unknown) => error)) as AppError;
    expect(failure).toMatchObject({ code: 'not_found' });
    expect(failure.message).not.toContain(folder);
  });
});

describe('the manifest', () => {
  it('shows who answers, and who does not as down', async () => {
    const home = await mkdtemp(join(tmpdir(), 'labmesh-librarian-'));
    const config = readLabConfig({ port: 0, home, logLevel: 'silent' }, {});
    const running = await startProcess({ name: 'librarian', module: LibrarianModule, config, database: true });
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
