// What somebody learnt, for everybody: logged once, found, voted for, accepted by the lab, and paid for once.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/belongings.js';
import { newcomer as person } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Logged {
  readonly file: string;
  readonly alreadyLogged: boolean;
}
interface Listed {
  readonly solutions: ReadonlyArray<{ file: string; votes: number; voted: boolean; acceptedAt: string | null }>;
}

export function solutionStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  verifies('knowledge:accepted', async () => {
    const { lab, operator } = place();
    const author = await newcomer(lab, operator, 'writes things down');
    const other = await newcomer(lab, operator, 'is helped');
    await using validator = await lab.connect((await person(operator, 'validator')).token);
    const balance = async () => (await author.client.call<{ balance: string }>('chancellor_get_balance')).balance;
    const mark = crypto.randomUUID();

    const said = {
      title: 'Cryostat warms up overnight',
      problem: `The cryostat ${mark} warms from 4 K to 9 K between midnight and six.`,
      solution: 'The recovery valve of the helium line is left ajar: close it by the second mark.',
      tags: ['cryostat'],
      evidence: ['kb://README.md'],
      errorText:
        'warn: stage 2 at 9.1 K\nTemperatureError: setpoint 4.2 K not held for 3600 s\n    at hold (cryo.js:7:3)',
    };
    const { file } = await author.client.call<Logged>('librarian_log_new_solution', said);
    const again = { ...said, title: 'Again', problem: said.problem.toUpperCase() };
    expect(await other.client.call('librarian_log_new_solution', again)).toMatchObject({ file, alreadyLogged: true });
    const nearly = { ...said, solution: said.solution.replace('second', 'third') };
    const refused = await other.client.refused('librarian_log_new_solution', nearly);
    expect(refused).toMatchObject({ code: 'conflict', message: expect.stringContaining(file) as string });
    for (const evidence of [['file:///etc/passwd'], ['kb://no-such.md']])
      expect((await author.client.refused('librarian_log_new_solution', { ...said, evidence })).code).toBe(
        'invalid_input',
      );

    const { citations } = await other.client.call<{ citations: Array<{ file: string }> }>(
      'librarian_query_knowledge_base',
      { question: `Why does the cryostat ${mark} warm up?` },
    );
    expect(citations[0]?.file).toBe(file);

    const vote = (who: LabClient, asked: object = {}) => who.call('librarian_vote_solution', { file, ...asked });
    for (const _ of [1, 2]) expect(await vote(other.client)).toEqual({ file, votes: 1, voted: true });
    expect(await vote(validator)).toMatchObject({ votes: 2 });
    expect(await vote(validator, { vote: 'withdrawn' })).toMatchObject({ votes: 1, voted: false });
    expect((await author.client.refused('librarian_vote_solution', { file })).code).toBe('forbidden');
    const none = { file: 'solutions/sol_none.md' };
    for (const tool of ['librarian_vote_solution', 'librarian_accept_solution'])
      expect((await validator.refused(tool, none)).code).toBe('not_found');

    // The author may not at all, by role; a validator may, whosever it is, but their own.
    for (const who of [author.client, other.client])
      expect((await who.refused('librarian_accept_solution', { file })).code).toBe('forbidden');
    const own = await validator.call<Logged>('librarian_log_new_solution', {
      title: 'Own work',
      problem: `What the validator ${mark} found`,
      solution: 'Nobody accepts their own.',
    });
    expect((await validator.refused('librarian_accept_solution', { file: own.file })).code).toBe('forbidden');

    const accepted = await validator.call<{ acceptedAt: string }>('librarian_accept_solution', { file });
    expect(accepted).toMatchObject({ file, alreadyAccepted: false });
    await expect.poll(balance).toBe('3.00');
    for (const who of [validator, operator])
      expect(await who.call('librarian_accept_solution', { file })).toEqual({ ...accepted, alreadyAccepted: true });

    // Another one that is accepted later is paid: nothing of the first is still to come then.
    const second = await author.client.call<Logged>('librarian_log_new_solution', {
      title: 'Second',
      problem: `Gauge ${mark} reads zero`,
      solution: 'Its plug is loose.',
    });
    await operator.call('librarian_accept_solution', { file: second.file });
    await expect.poll(balance).toBe('6.00');
    const { rewards } = await author.client.call<{ rewards: object[] }>('chancellor_preview_rewards');
    expect(rewards).toMatchObject([
      { for: 'solution_accepted', amount: '3.00', status: 'paid' },
      { for: 'solution_accepted', amount: '3.00', status: 'paid', source: file.slice('solutions/'.length, -3) },
    ]);

    const variant = await validator.call<Logged>('librarian_log_new_solution', {
      ...said,
      ifSimilar: 'variant',
      solution: `${said.solution} Or wait.`,
    });
    const of = async (one: string) =>
      (await other.client.call<Listed>('librarian_list_solutions', { of: one })).solutions.map((each) => each.file);
    for (const one of [file, variant.file]) expect(await of(one)).toEqual([variant.file, file]);
    expect(await of(second.file)).toEqual([second.file]);

    const list = (who: LabClient, asked: object) => who.call<Listed>('librarian_list_solutions', { ...asked });
    const mine = await list(author.client, { author: 'mine', accepted: true, order: 'votes', limit: 1 });
    expect(mine).toMatchObject({ solutions: [{ file, votes: 1, voted: false, acceptedAt: accepted.acceptedAt }] });
    const { nextCursor } = mine as Listed & { nextCursor: string };
    const rest = { author: 'mine', accepted: true, order: 'votes', limit: 1, cursor: nextCursor };
    expect((await list(author.client, rest)).solutions.map((one) => one.file)).toEqual([second.file]);
    expect((await list(other.client, { words: `cryostat ${mark}`, accepted: true })).solutions).toMatchObject([
      { file, voted: true },
    ]);
    expect((await list(other.client, { author: 'mine' })).solutions).toEqual([]);
    for (const { client } of [author, other]) await client[Symbol.asyncDispose]();
  });
}
