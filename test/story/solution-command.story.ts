// `labmesh solution` and `explain-error` as people use them: an error is asked about, its solution written down, found, voted for, accepted.
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';

interface Listed {
  readonly solutions: ReadonlyArray<{ file: string; votes: number; acceptedAt: string | null; mine: boolean }>;
}

const trace = (word: string, run: number): string => `run ${run} begins
Traceback (most recent call last):
  File "/home/ada/pumps/run.py", line 12, in start
    pump.start()
${word}Error: pump ${run} stalls
`;

export function solutionCommandStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  /** Somebody at a terminal, with what is on their standard input. */
  const terminalOf =
    (token: string) =>
    (args: readonly string[], input = ''): Promise<Ended> =>
      labmeshTold(place().lab, args, { env: { LABMESH_TOKEN: token }, input });
  const researcher = async () => terminalOf((await newcomer(place().operator, 'researcher')).token);

  verifies('command:solutions', async () => {
    const [ada, ben] = [await researcher(), await researcher()];
    const operator = terminalOf(place().lab.operatorToken());
    const word = `S${crypto.randomUUID().replaceAll(/[^a-f]/g, '')}`;
    const told = ['solution', 'log', `${word} stalls`, '--problem', `It stops: ${word}.`, '--tag', 'pump'];
    const logged = await ada([...told, '--solution', '-', '--error', trace(word, 1)], 'Degas it first.');
    expect(logged).toMatchObject({ code: 0, err: expect.stringMatching(/kinds? of errors/) });
    const file = logged.out.trim();
    const again = await ada([...told, '--solution', 'Degas it first.', '--json']);
    expect(JSON.parse(again.out)).toMatchObject({ file, alreadyLogged: true });
    expect(await ada([...told, '--solution', '@none.md'])).toMatchObject({ code: 5 });
    expect(await ada([...told, '--solution', '-'], ' ')).toMatchObject({ code: 2 });

    expect((await ben(['solution', 'ls', word, '--tag', 'pump'])).out).toContain(file);
    const list = async (...more: string[]): Promise<Listed> =>
      JSON.parse((await ben(['solution', 'ls', word, ...more, '--json'])).out) as Listed;
    expect((await list('--mine')).solutions).toEqual([]);
    expect((await list('--accepted')).solutions).toEqual([]);
    const shown = await ben(['solution', 'show', file.replace(/^solutions\/|\.md$/g, '')]);
    expect(shown).toMatchObject({ code: 0, out: expect.stringContaining('Degas it first.') });
    expect(await ben(['solution', 'show', 'docs/roles.md'])).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('solutions/sol_') },
    });

    expect((await ben(['solution', 'vote', file])).out).toBe('1 vote, yours among them\n');
    expect((await ben(['solution', 'vote', file, '--back'])).out).toBe('0 votes, none of them yours\n');
    expect((await ben(['solution', 'vote', file])).code).toBe(0);
    expect((await ada(['solution', 'vote', file])).code).toBe(4);
    expect((await ben(['solution', 'accept', file])).code).toBe(4);
    expect((await operator(['solution', 'accept', file])).out).toMatch(/^Accepted, /);
    expect((await operator(['solution', 'accept', file])).out).toMatch(/^It was accepted before, /);
    expect((await list('--accepted')).solutions).toMatchObject([{ file, votes: 1, mine: false }]);
  });

  verifies('command:explained', async () => {
    const ada = await researcher();
    const word = `E${crypto.randomUUID().replaceAll(/[^a-f]/g, '')}`;
    const first = await ada(['explain-error', '-'], trace(word, 1));
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining(`${word}Error: pump <*> stalls`) });
    expect(first.out).toContain('not seen before');
    expect(first.out).toContain('your code: /home/ada/pumps/run.py:12 in start');
    const words = ['solution', 'log', `${word} in short`, '--problem', `It stops: ${word}.`, '--solution', 'Degas it.'];
    const file = (await ada([...words, '--error', '-'], trace(word, 9))).out.trim();
    const second = await ada(['explain-error'], trace(word, 2));
    expect(second.out).toMatch(/seen 1 time since .*\n/);
    expect(second.out).toContain(`solved by ${file}`);
    const { events } = JSON.parse((await ada(['explain-error', '--json'], trace(word, 3))).out) as {
      events: ReadonlyArray<{ fingerprint: string; solutions: ReadonlyArray<{ file: string; by: string }> }>;
    };
    expect(events[0]?.solutions[0]).toMatchObject({ file, by: 'fingerprint' });
    expect(second.out).toContain(events[0]?.fingerprint);

    expect(await ada(['explain-error', 'no-such.log'])).toMatchObject({ code: 5 });
    expect(await ada(['explain-error'])).toMatchObject({ code: 2, err: expect.stringContaining('standard input') });
    const job = 'job_01a22539-f984-7000-8000-1dd44052026b';
    expect(await ada(['explain-error', '-', '--job', job], 'x')).toMatchObject({ code: 2 });
    expect(await ada(['explain-error', '--job', job])).toMatchObject({ code: 5 });
  });
}
