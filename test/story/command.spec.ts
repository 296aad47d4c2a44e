// The `labmesh` command against a real lab: what people type, what scripts read, and how it ends when something is wrong.
import { describe, expect, it } from 'vitest';
import { type Ended, labmesh as run } from '../harness/command.js';
import { sharedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';

const lab = sharedLab();

const labmesh = (args: readonly string[], env?: Record<string, string>): Promise<Ended> => run(lab, args, env);

const json = async <T>(args: readonly string[], env?: Record<string, string>): Promise<T> => {
  const { code, out, err } = await labmesh([...args, '--json'], env);
  expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
  return JSON.parse(out) as T;
};

describe('on the lab’s own machine, without a token', () => {
  verifies('command:works', async () => {
    expect(await labmesh(['status'])).toMatchObject({ code: 0, out: expect.stringMatching(/Librarian[\s\S]*up/i) });
    const wallet = await json<{ walletId: string }>([
      'wallet',
      'create',
      '--role',
      'researcher',
      '--label',
      'field team',
    ]);
    const made = await json<{ token: string; role: string }>([
      'token',
      'create',
      '--wallet',
      wallet.walletId,
      '--kind',
      'client_key',
      '--ttl',
      '7d',
    ]);
    expect(made).toMatchObject({ role: 'researcher', token: expect.stringMatching(/^lmk_/) });
    const balance = async () => Number((await json<{ balance: string }>(['wallet', 'balance'])).balance);
    await expect.poll(balance).toBeGreaterThan(1_000);
    const before = await balance();
    const paid = await json<{ balance: string }>(['wallet', 'transfer', wallet.walletId, '2.5', '--memo', 'coffee']);
    expect(Number(paid.balance)).toBe(before - 2.5);
    const own = { LABMESH_TOKEN: made.token };
    expect(await json(['wallet', 'balance'], own)).toMatchObject({ walletId: wallet.walletId, balance: '2.50' });
    const asked = await labmesh(['ask', 'Which formats can a dataset have?'], own);
    expect(asked).toMatchObject({ code: 0, out: expect.stringContaining('[1]') });
    expect(await labmesh(['template', 'readme', 'astronomer-vial'], own)).toMatchObject({
      code: 0,
      out: expect.stringContaining('# '),
    });
    const listed = await json<{ datasets: unknown[] }>(
      ['call', 'curator_list_available_datasets', '--arg', 'limit=1'],
      own,
    );
    expect(listed.datasets).toHaveLength(1);
    const readme = await json<{ name: string }>(
      ['call', 'architect_get_template_readme', '--arg', 'name=validator-vial'],
      own,
    );
    expect(readme.name).toBe('validator-vial');
  });

  it('makes a sign-in link that works once', async () => {
    const { out } = await labmesh(['open', '--no-browser']);
    const code = /#code=(\S+)/.exec(out)?.[1];
    const signIn = () => fetch(`${lab.url}/sign-in`, { method: 'POST', body: JSON.stringify({ code }) });
    expect([(await signIn()).status, (await signIn()).status]).toEqual([200, 401]);
  });
});

describe('when something is wrong', () => {
  const cases: Array<[string, readonly string[], Record<string, string>, number, RegExp]> = [
    ['an unknown command', ['fly'], {}, 2, /unknown command/],
    ['an unknown tool', ['call', 'curator_fly'], {}, 5, /curator_fly/],
    ['a value of the wrong type', ['call', 'curator_list_available_datasets', '--arg', 'limit=many'], {}, 2, /limit/],
    ['a token that is not one', ['status'], { LABMESH_TOKEN: 'lmk_wrong' }, 3, /token/i],
    ['something that is not there', ['template', 'readme', 'nothing'], {}, 5, /nothing/],
    ['no lab', ['status'], { LABMESH_URL: 'http://127.0.0.1:9' }, 7, /npm start/],
  ];
  it.each(cases)('%s ends with its exit code and says what to do', async (_what, args, env, code, says) => {
    const ended = await labmesh(args, env);
    expect([ended.code, ended.err]).toEqual([code, expect.stringMatching(says)]);
  });

  it('is told to scripts as one line of JSON', async () => {
    const { code, out, err } = await labmesh(['template', 'readme', 'nothing', '--json']);
    expect([code, out]).toEqual([5, '']);
    expect(JSON.parse(err)).toMatchObject({ code: 'not_found' });
  });
});
