// What belongs to a project, on a real database: its texts as they are at each question, collections brought and solutions logged for
// it; and to everybody but its owner a project that does not exist.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Blobs } from '@labmesh/blobs';
import { type Call, librarian, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import type { Logger } from '@labmesh/runtime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Knowledge } from '../answers/knowledge.js';
import { AS_IT_STANDS } from '../answers/spelling/spelling.testing.js';
import { NO_CODE } from '../code/code.testing.js';
import { Library } from '../corpus/library.js';
import { DatasetCardsRepository } from '../datasets/dataset-cards.repository.js';
import { SightingsRepository } from '../errors/sightings.repository.js';
import { Logbook } from '../solutions/logbook.js';
import { LookAlikes } from '../solutions/look-alikes.js';
import { SolutionList } from '../solutions/solution-list.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { StandingRepository } from '../solutions/standing.repository.js';
import { CollectionsRepository } from '../sources/collections.repository.js';
import { Extraction } from '../sources/extraction/extraction.js';
import { Offering } from '../sources/files/offering.js';
import { Ingestion } from '../sources/ingestion.js';
import { Taker } from '../sources/taking.js';
import { WatchedRepository } from '../sources/watched.repository.js';
import { BelongingsRepository } from './belongings.repository.js';
import { documentsOf, projectOf } from './project-documents.js';
import { ProjectKnowledge } from './project-knowledge.js';
import { type KnownProject, projectsOf } from './projects.testing.js';

const [ADA, BOB] = ['wal_01990000-0000-7000-8000-000000000001', 'wal_01990000-0000-7000-8000-000000000002'];
const FLARES = 'prj_01990000-0000-7000-8000-00000000000a';
const OTHER = 'prj_01990000-0000-7000-8000-00000000000b';
const BOBS = 'prj_01990000-0000-7000-8000-00000000000c';
const NOBODYS = 'prj_01990000-0000-7000-8000-00000000000d';

let folder: string;
let database: Database;
const known = new Map<string, KnownProject>();

const callOf = (walletId: string): Call => {
  const principal: Principal = {
    ...{ walletId, role: 'researcher', permissions: ROLE_PERMISSIONS.researcher, credentialId: 'test' },
  };
  return { principal, signal: new AbortController().signal } as unknown as Call;
};

function replica() {
  const log = { info: () => undefined, warn: () => undefined } as unknown as Logger;
  const rows = new SolutionsRepository(database);
  const collections = new CollectionsRepository(database);
  const cards = new DatasetCardsRepository(database);
  const library = new Library({ installRoot: join(folder, 'installed') }, rows, cards, collections, log);
  const projects = projectsOf(known);
  const belongings = new BelongingsRepository(database);
  const project = new ProjectKnowledge(projects, belongings, library);
  const knowledge = new Knowledge(library, { of: async () => undefined }, project, NO_CODE, NO_CODE, AS_IT_STANDS);
  const standings = new StandingRepository(database, { poke: () => undefined });
  const sightings = new SightingsRepository(database);
  const logbook = new Logbook(rows, new LookAlikes(rows, library), library, sightings, projects, belongings);
  const list = new SolutionList(standings, library, projects);
  const taker = new Taker(collections, new Extraction());
  const offering = new Offering({ folders: [], hosts: [] }, {} as unknown as Blobs);
  const ingestion = new Ingestion(
    offering,
    taker,
    collections,
    new WatchedRepository(database),
    library,
    projects,
    NO_CODE,
  );
  const tools = librarian.tools;
  return {
    ask: async (who: string, question: string, more: object = {}) => {
      const asked = tools.query_knowledge_base.input.parse({ question, limit: 20, ...more });
      const answer = await knowledge.answer(asked, callOf(who));
      return { ...answer, files: [...new Set([...answer.citations, ...answer.nearest].map(({ file }) => file))] };
    },
    document: (who: string, file: string) => knowledge.document(file, callOf(who)),
    log: async (who: string, said: object) =>
      logbook.log(
        tools.log_new_solution.input.parse({
          title: 'Stalls',
          problem: 'Nothing.',
          solution: 'Wait a while.',
          ...said,
        }),
        callOf(who),
      ),
    solutions: async (who: string, asked: object = {}) => {
      const listed = await list.list(tools.list_solutions.input.parse(asked), callOf(who));
      expect(tools.list_solutions.output.parse(listed)).toEqual(listed);
      return listed.solutions;
    },
    collections: async (who: string, asked: object = {}) => {
      const listed = await ingestion.list(asked, callOf(who));
      expect(tools.list_collections.output.parse(listed)).toEqual(listed);
      return listed.collections;
    },
    bring: async (who: string, collection: string, content: string, project?: string): Promise<string> => {
      const text = { name: 'notes.md', content };
      const steps = ingestion.ingest({ collection, text, ...(project === undefined ? {} : { project }) }, callOf(who));
      for (;;) {
        const step = await steps.next();
        if (step.done === true) return step.value.collectionId;
      }
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-projects-'));
  await mkdir(join(folder, 'installed'));
  await writeFile(join(folder, 'installed/README.md'), '# The lab\n\nThe coronagraph of the lab is in the cellar.\n');
  database = await openDatabase({ folder: join(folder, 'pg') });
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  for (const table of ['collections', 'solution_projects']) await database.pool.query(`DELETE FROM librarian.${table}`);
  known.clear();
  const texts = { 'README.md': '# Flares\n\nThe coronagraph is pointed by the script.\n', 'point.py': 'OFFSET = 7\n' };
  known.set(FLARES, { owner: ADA, texts }).set(OTHER, { owner: ADA, texts: {} }).set(BOBS, { owner: BOB, texts: {} });
});

describe('a question of a project', () => {
  it('is answered from its own texts as they are now, and from nothing else of the lab', async () => {
    const lab = replica();
    const asked = await lab.ask(ADA, 'Where is the coronagraph?', { project: FLARES });
    expect(asked.files).toEqual([`projects/${FLARES}/README.md`]);
    const [citation] = [...asked.citations, ...asked.nearest];
    expect(citation).toMatchObject({ collection: FLARES, link: expect.stringContaining(`kb://projects/${FLARES}/`) });
    const { text, version } = await lab.document(ADA, citation?.file ?? '');
    expect([text.slice(citation?.start, citation?.end), version]).toEqual([citation?.text, citation?.version]);
    expect((await lab.ask(ADA, 'OFFSET', { project: FLARES })).files).toEqual([`projects/${FLARES}/point.py`]);

    const project = known.get(FLARES) as KnownProject;
    project.texts = { 'GUIDE.md': '# Guide\n\nThe coronagraph is cooled first.\n' };
    expect((await lab.ask(ADA, 'coronagraph', { project: FLARES })).files).toEqual([`projects/${FLARES}/GUIDE.md`]);
    await expect(lab.document(ADA, `projects/${FLARES}/README.md`)).rejects.toMatchObject({ code: 'not_found' });
    // Without the project they are in no answer, not even their owner's.
    expect((await lab.ask(ADA, 'coronagraph')).files).toEqual(['README.md']);
  });

  it('is answered from collections and solutions of it, at every replica, narrowed by what else is asked', async () => {
    const [here, there] = [replica(), replica()];
    const mine = await here.bring(ADA, 'manuals', '# Manual\n\nThe coronagraph has a shutter.\n', FLARES);
    await here.bring(ADA, 'others', '# Others\n\nThe coronagraph of another lab.\n');
    const { file } = await here.log(ADA, { problem: 'The coronagraph drifts.', project: FLARES });
    await here.log(ADA, { problem: 'The spectrograph of a coronagraph whistles.', project: OTHER });
    const { files } = await there.ask(ADA, 'coronagraph', { project: FLARES });
    expect(files.sort()).toEqual([`${mine}/notes.md`, `projects/${FLARES}/README.md`, file].sort());
    const only = async (...collections: string[]) =>
      (await there.ask(ADA, 'coronagraph', { project: FLARES, collections })).files;
    expect([await only('solutions'), await only(mine), await only(FLARES)]).toEqual([
      [file],
      [`${mine}/notes.md`],
      [`projects/${FLARES}/README.md`],
    ]);
  });
});

describe('a collection', () => {
  it('belongs to the project that it was brought for last, also when it is brought again without one', async () => {
    const lab = replica();
    const id = await lab.bring(ADA, 'manuals', 'one', FLARES);
    await lab.bring(ADA, 'manuals', 'two');
    const listed = async (project: string) =>
      (await lab.collections(ADA, { project })).map((each) => each.collectionId);
    expect([await listed(FLARES), await listed(OTHER)]).toEqual([[id], []]);
    await lab.bring(ADA, 'manuals', 'two', OTHER);
    expect([await listed(FLARES), await listed(OTHER)]).toEqual([[], [id]]);
    expect((await lab.collections(ADA)).find((each) => each.collectionId === id)?.project).toBe(OTHER);
  });

  it('shared with the lab tells nobody of what project it is', async () => {
    const lab = replica();
    const id = await lab.bring(ADA, 'manuals', 'one', FLARES);
    await database.pool.query("UPDATE librarian.collections SET readers = 'lab' WHERE id = $1", [id]);
    expect((await lab.collections(BOB)).find((each) => each.collectionId === id)).toMatchObject({ project: null });
  });
});

describe('a solution', () => {
  it('that is there already becomes the project’s too, whoever logged it first; each owner sees their own', async () => {
    const lab = replica();
    const said = { problem: 'The gyroscope precesses.', solution: 'Balance it.' };
    const { file } = await lab.log(BOB, { ...said, project: BOBS });
    expect(await lab.log(ADA, { ...said, project: FLARES })).toMatchObject({ file, alreadyLogged: true });
    await lab.log(ADA, { ...said, project: OTHER });
    await lab.log(ADA, { ...said, project: OTHER });
    const projects = async (who: string) => (await lab.solutions(who, { words: 'gyroscope' }))[0]?.projects;
    expect([await projects(ADA), await projects(BOB)]).toEqual([[FLARES, OTHER], [BOBS]]);
    expect((await lab.solutions(ADA, { project: OTHER })).map((each) => each.file)).toEqual([file]);
    expect(await lab.log(BOB, { problem: 'Another thing entirely.', solution: 'Leave it.' })).not.toHaveProperty('id');
  });
});

it('another’s project is refused as one that does not exist, everywhere, and nothing is kept', async () => {
  const lab = replica();
  const attempts = (project: string): Array<Promise<unknown>> => [
    lab.ask(ADA, 'coronagraph', { project }),
    lab.document(ADA, `projects/${project}/README.md`),
    lab.bring(ADA, 'theirs', 'text', project),
    lab.log(ADA, { problem: 'It will not be logged.', project }),
    lab.solutions(ADA, { project }),
    lab.collections(ADA, { project }),
  ];
  const refusals = async (project: string) =>
    (await Promise.allSettled(attempts(project))).map((each) => {
      const { code, message } = (each as PromiseRejectedResult).reason as { code: string; message: string };
      return [code, message.replace(project, '<project>')];
    });
  const [bobs, nobodys] = [await refusals(BOBS), await refusals(NOBODYS)];
  expect(bobs).toEqual(nobodys);
  expect(bobs.map(([code]) => code)).toEqual(Array.from({ length: 6 }, () => 'not_found'));
  expect((await lab.collections(ADA)).map(({ name }) => name)).not.toContain('theirs');
  expect(await lab.solutions(ADA, { words: 'logged' })).toEqual([]);
});

describe('texts of a project', () => {
  it('are what people write: no data, nothing too long, nothing that cannot be asked for by its name', () => {
    const text = (path: string, content: string | null = 'x') => ({
      ...{ path, text: content, executable: false },
      bytes: content === null ? 9 : Buffer.byteLength(content),
    });
    const texts = [
      ...['README.md', 'src/a.py', 'notes.txt', 'conf.yaml', 'rows.json', 'rows.csv', 'book.ipynb'].map((path) =>
        text(path),
      ),
      ...[text('empty.md', ' \n'), text('binary.md', null), text('long.md', 'x'.repeat(600_000))],
      text(`${'deep/'.repeat(40)}a.md`),
    ];
    expect(documentsOf(FLARES, texts).map(({ file, kind }) => [file.split('/').slice(2).join('/'), kind])).toEqual([
      ['README.md', 'markdown'],
      ['conf.yaml', 'text'],
      ['notes.txt', 'text'],
      ['src/a.py', 'code'],
    ]);
  });

  it('are known by their names', () => {
    expect(projectOf(`projects/${FLARES}/a/b.md`)).toBe(FLARES);
    for (const file of [`projects/${FLARES}`, `projects/${FLARES}/`, 'projects/prj_1/a.md', 'docs/projects.md'])
      expect(projectOf(file)).toBeUndefined();
  });
});
