// Errors on a real database: what was seen before is the caller's own, whatever the others had, and no line is ever stored.
import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, librarian, type Principal, ROLE_PERMISSIONS } from '@labmesh/contracts';
import { type Database, openDatabase } from '@labmesh/db';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Library } from '../corpus/library.js';
import { DatasetCardsRepository } from '../datasets/dataset-cards.repository.js';
import { NO_PROJECTS } from '../projects/projects.testing.js';
import { Logbook } from '../solutions/logbook.js';
import { LookAlikes } from '../solutions/look-alikes.js';
import { SolutionsRepository } from '../solutions/solutions.repository.js';
import { Standing } from '../solutions/standing.js';
import { StandingRepository } from '../solutions/standing.repository.js';
import { CollectionsRepository } from '../sources/collections.repository.js';
import { ErrorAnalysis } from './error-analysis.js';
import { FailedJobs } from './failed-jobs.js';
import { KnownSolutions } from './known-solutions.js';
import { SightingsRepository } from './sightings.repository.js';

let folder: string;
let database: Database;

const person = (role: 'researcher' | 'operator' = 'researcher'): Principal => ({
  walletId: `wal_${randomUUID()}`,
  role,
  permissions: ROLE_PERMISSIONS[role],
  credentialId: 'test',
});

/** A replica, over the shared database. */
function replica() {
  const [rows, sightings] = [new SolutionsRepository(database), new SightingsRepository(database)];
  const standings = new StandingRepository(database, { poke: () => undefined });
  const log = { info: () => undefined, warn: () => undefined };
  const library = new Library(
    { installRoot: join(folder, 'nothing') },
    rows,
    new DatasetCardsRepository(database),
    new CollectionsRepository(database),
    log,
  );
  const none = {
    of: () => {
      throw new Error('no job is asked for here');
    },
  };
  const analysis = new ErrorAnalysis(sightings, new KnownSolutions(library, standings), none);
  return {
    failed: new FailedJobs(sightings),
    standing: new Standing(standings),
    log: (input: object, who: Principal) =>
      new Logbook(rows, new LookAlikes(rows, library), library, sightings, NO_PROJECTS, NO_PROJECTS).log(
        librarian.tools.log_new_solution.input.parse(input),
        { principal: who } as Call,
      ),
    analyze: async (text: string, who: Principal) => {
      const answer = await analysis.analyze({ text }, { principal: who } as Call);
      expect(librarian.tools.analyze_error.output.parse(answer)).toEqual(answer);
      return answer;
    },
  };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-errors-'));
  await mkdir(join(folder, 'nothing'));
  database = await openDatabase({ folder: join(folder, 'pg') });
});
afterAll(async () => {
  await database?.close();
  await rm(folder, { recursive: true, force: true });
});

describe('an analysis', () => {
  it('counts an excerpt once, at every replica, and says where else it was', async () => {
    const [here, there, who] = [replica(), replica(), person()];
    const first = await here.analyze('valve 3 stuck at 40 Hz\nvalve 4 stuck at 41 Hz', who);
    expect(first).toMatchObject({
      lines: 2,
      events: [{ template: 'valve <*> stuck at <*> Hz', lines: 2, seen: null }],
    });
    expect(await there.analyze('valve 3 stuck at 40 Hz\nvalve 4 stuck at 41 Hz', who)).toEqual(first);
    const next = await there.analyze('valve 9 stuck at 2 Hz', who);
    expect(next.events).toMatchObject([{ lines: 1, seen: { lines: 2, sources: 1, where: [] } }]);
    expect(next.events[0]?.fingerprint).toBe(first.events[0]?.fingerprint);
  });

  it('shows nothing of another wallet, not even by how lines are grouped; the operator sees the lab', async () => {
    const { analyze } = replica();
    const [ada, ben, operator] = [person(), person(), person('operator')];
    const users = ['ann', 'bob', 'cid', 'dan', 'eve', 'fay'].map((user) => `badge of ${user} was refused at the door`);
    await analyze(users.join('\n'), ada);
    const mine = await analyze(users[0] ?? '', ben);
    expect(mine.events).toMatchObject([{ template: users[0], seen: null }]);
    const own = await analyze('badge of gil was refused at the door', ada);
    expect(own.events).toMatchObject([{ template: 'badge of <*> was refused at the door', seen: { lines: 6 } }]);
    const all = await analyze('badge of hal was refused at the door', operator);
    expect(all.events).toMatchObject([{ seen: { lines: 8, sources: 3 } }]);
  });

  it('knows jobs that failed by their reason, once each, and none that did not', async () => {
    const { failed, analyze } = replica();
    const who = person();
    const job = (state: 'failed' | 'succeeded' | 'cancelled') => ({
      jobId: `job_${randomUUID()}`,
      walletId: who.walletId,
      state,
      reason: 'memory' as const,
      holdId: null,
      costMicro: '0',
      attempts: 1,
    });
    const [one, two] = [job('failed'), job('failed')];
    for (const told of [one, two, one, job('succeeded'), job('cancelled')]) await failed.ended(told, new Date());
    const { events } = await analyze('it wanted more memory than it asked for', who);
    expect(events[0]?.seen).toMatchObject({ lines: 2, sources: 2 });
    expect(new Set(events[0]?.seen?.where)).toEqual(new Set([one.jobId, two.jobId]));
  });

  it('names solutions by the fingerprint first, accepted before voted for, then by words', async () => {
    const { log, standing, analyze } = replica();
    const [author, other] = [person(), person()];
    const errorText = 'CryostatError: stage 2 warmed to 9 K\n    at hold (/srv/cryo.js:7:3)';
    const named = (title: string, problem: string, solution: string) =>
      log({ title, problem, solution, errorText }, author);
    const voted = await named('Voted', 'Stage warms', 'Wait for an hour');
    const accepted = await named('Accepted', 'Leaking line', 'Close the recovery valve');
    const worded = await log(
      { title: 'Stage of the cryostat warmed', problem: 'CryostatError', solution: 'Ask Ada' },
      author,
    );
    await standing.vote({ file: voted.file, vote: 'up' }, other);
    await standing.accept({ file: accepted.file }, other);
    const { events, traces } = await analyze(
      'CryostatError: stage 4 warmed to 77 K\n    at hold (/srv/cryo.js:7:3)',
      other,
    );
    expect(events).toHaveLength(1);
    expect(events[0]?.solutions).toMatchObject([
      { file: accepted.file, by: 'fingerprint', accepted: true, votes: 0 },
      { file: voted.file, by: 'fingerprint', accepted: false, votes: 1 },
      { file: worded.file, by: 'words', title: 'Stage of the cryostat warmed' },
    ]);
    expect(events[0]?.seen).toBeNull();
    expect(traces).toMatchObject([{ language: 'node', origin: { file: '/srv/cryo.js', line: 7, function: 'hold' } }]);
    const own = await analyze('CryostatError: stage 5 warmed to 12 K', author);
    expect(own.events[0]?.seen?.where.toSorted()).toEqual([accepted.file, voted.file].toSorted());
  });

  it('stores templates alone: no line, no secret', async () => {
    const { analyze } = replica();
    const secret = 'lmk_0123456789abcdefghijklmnopqrstuvwxyz';
    await analyze(
      `fatal: token=${secret} of 10.1.2.3 refused\nfatal: at https://ann:hunter2hunter2@lab.example/x\nfatal: passwd 'sword fish' is wrong`,
      person(),
    );
    const { rows } = await database.pool.query(
      `SELECT e::text AS row FROM librarian.error_events e UNION ALL SELECT s::text FROM librarian.error_sightings s`,
    );
    const all = JSON.stringify(rows);
    for (const word of [secret.slice(4, 20), '10.1.2.3', 'hunter2', 'lab.example', 'sword', 'fish'])
      expect(all).not.toContain(word);
  });

  it('refuses both, neither, and answers what has nothing in it', async () => {
    const { analyze } = replica();
    const analysis = new ErrorAnalysis({} as SightingsRepository, {} as KnownSolutions, { of: () => ({}) as never });
    for (const asked of [{}, { text: 'x', jobId: 'job_x' }])
      await expect(analysis.analyze(asked, { principal: person() } as Call)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    expect(await analyze(' \n\0\n', person())).toEqual({ lines: 0, events: [], moreEvents: 0, traces: [] });
  });
});
