// `labmesh project` and `labmesh template` as people use them: a template of the lab's own is published, and a project of it is made,
// run, edited, brought to the next version and deleted, in folders of a machine that is not the lab's.
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, expect } from 'vitest';
import { type Ended, labmeshTold } from '../harness/command.js';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { verifies } from '../requirements.js';
import { modelProvider } from '../sources/model-provider.js';

interface Place {
  readonly lab: Lab;
  readonly operator: LabClient;
}

export const SECRET = 'k-271828182845904';
/** Made here, so that no file of this repository looks as if it held one. */
const LEAKED = `glpat-${'a1B2c3D4e5'.repeat(2)}`;

/** A template that asks a text, a number and a secret, and whose next version edits the text between. */
export function template(name: string | undefined, version: '1.0.0' | '1.1.0'): Record<string, string> {
  const newer = version === '1.1.0';
  const form = {
    ...(name === undefined ? {} : { name }),
    ...{ version, title: 'A study', summary: 'A template of the lab’s own.', audience: 'Those who tell of it' },
    tools: ['curator_fetch_dataset', 'librarian_query_knowledge_base'],
    toolset: ['librarian_query_knowledge_base'],
    inputs: {
      type: 'object',
      properties: {
        site: { type: 'string', description: 'Where it is' },
        nights: { type: 'integer', minimum: 1, description: 'How many' },
        shift: { type: 'string', default: 'late' },
        apiKey: { type: 'string', writeOnly: true, 'x-env': 'STUDY_API_KEY', pattern: '^k-[0-9]+$' },
      },
      required: ['site', 'nights', 'shift', 'apiKey'],
    },
    next: ['Read README.md'],
  };
  return {
    'template.json': JSON.stringify(form),
    'README.md': '# A study\n',
    'files/dot-gitignore': '.env\n',
    'files/site.toml.mustache': `site = "{{inputs.site}}"\nnights = {{inputs.nights}}\n\n\n\nshown = ${newer}\n`,
    'files/plan.txt': newer ? 'by night\n' : 'by day\n',
    'files/notes.txt': newer ? 'newer\n' : 'older\n',
  };
}

export function projectCommandStory(place: () => Place): void {
  let folder: string;
  let ada: { token: string; walletId: string };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labmesh-project-'));
    ada = await newcomer(place().operator, 'researcher');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const at = (...parts: string[]): string => join(folder, ...parts);
  const write = async (below: string, files: Record<string, string>): Promise<string> => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(at(below, path)), { recursive: true });
      await writeFile(at(below, path), text);
    }
    return at(below);
  };
  const told = (args: readonly string[], env: Record<string, string>): Promise<Ended> =>
    labmeshTold(place().lab, args, { cwd: folder, env: { HOME: folder, ...env } });
  const member = (...args: string[]): Promise<Ended> => told(args, { LABMESH_TOKEN: ada.token });
  const operator = (...args: string[]): Promise<Ended> => told(args, { LABMESH_TOKEN: place().lab.operatorToken() });
  const json = async <T>(ended: Promise<Ended>): Promise<T> => {
    const { code, out, err } = await ended;
    expect([code, err]).toEqual([0, expect.not.stringContaining('"code"')]);
    return JSON.parse(out) as T;
  };

  verifies('command:templates', async () => {
    const name = `own-${crypto.randomUUID().slice(0, 8)}`;
    const own = await write(name, template(undefined, '1.0.0'));
    expect(await member('template', 'publish', own)).toMatchObject({ code: 4 });
    expect(await operator('template', 'publish')).toMatchObject({ code: 2, err: expect.stringContaining('--commit') });

    // A secret is found with its line, here and by the lab, and is not said again.
    const leaky = { 'files/src/run.py': `import os\nTOKEN = "${LEAKED}"\n`, 'files/dot-env.local': `KEY=${LEAKED}\n` };
    await write(name, leaky);
    const refused = await operator('template', 'publish', own);
    expect(refused).toMatchObject({ code: 2, err: expect.stringMatching(/files\/src\/run\.py:2: .*GitLab/) });
    expect(refused.err).toContain('files/dot-env.local:1: ');
    expect(refused.err).not.toContain(LEAKED);
    for (const path of Object.keys(leaky)) await rm(at(name, path));

    // Its folder names it, as it gives no name.
    expect(await json(operator('template', 'publish', own, '--dry-run', '--json'))).toMatchObject({
      ...{ published: false, template: { name, version: '1.0.0' } },
    });
    expect(await member('template', 'show', name)).toMatchObject({ code: 5 });
    expect(await operator('template', 'publish', own)).toMatchObject({ code: 0, out: `Published ${name} 1.0.0\n` });
    expect((await operator('template', 'publish', own)).out).toBe(`It was there before: ${name} 1.0.0\n`);
    await write(name, { 'files/notes.txt': 'other\n' });
    expect(await operator('template', 'publish', own)).toMatchObject({
      ...{ code: 6, err: expect.stringContaining('higher version') },
    });
    expect((await member('template', 'list', '--query', name)).out).toContain('A template of the lab’s own.');
    const shown = (await member('template', 'show', name)).out;
    expect(shown).toMatch(/apiKey \* .*a secret/);
    expect(shown).toContain(`project create ${name} <name> --input site=… --input nights=…`);
    expect(await member('template', 'readme', name)).toMatchObject({ code: 0, out: '# A study\n' });
  });

  verifies('command:projects', async () => {
    const name = `study-${crypto.randomUUID().slice(0, 8)}`;
    const own = await write(name, template(name, '1.0.0'));
    await json(operator('template', 'publish', own, '--json'));
    await writeFile(at('api.key'), `${SECRET}\n`);
    const inputs = ['--input', 'site=teide', '--input', 'nights=3', '--input', 'apiKey=@api.key'];

    // Nobody can be asked here: all that is missing is named, and nothing is made.
    const asked = await member('project', 'create', name, 'mine', '--input', 'site=teide');
    expect(asked).toMatchObject({
      code: 2,
      err: expect.stringMatching(/asks for nights, apiKey\..*--input nights=….*set STUDY_API_KEY/),
    });
    expect(await member('project', 'create', name, 'mine', '--input', `apiKey=${SECRET}`)).toMatchObject({
      ...{ code: 2, err: expect.stringContaining('does not go into a command line') },
    });
    expect(await member('project', 'create', 'no-such', 'mine')).toMatchObject({ code: 5 });
    const dry = await member('project', 'create', name, 'mine', ...inputs, '--dry-run');
    expect(dry).toMatchObject({ code: 0, out: expect.stringMatching(/added +site\.toml/) });
    expect(await readdir(folder)).not.toContain('mine');

    const made = await json<{ project: { projectId: string; secrets: string[] }; folder: string }>(
      member('project', 'create', name, 'mine', ...inputs, '--json'),
    );
    const { projectId } = made.project;
    expect(made).toMatchObject({ folder: at('mine'), project: { secrets: ['apiKey'] } });
    expect(await readFile(at('mine/site.toml'), 'utf8')).toContain('site = "teide"\nnights = 3\n');
    const env = await readFile(at('mine/.env'), 'utf8');
    expect((await stat(at('mine/.env'))).mode & 0o777).toBe(0o600);
    const keyFile = at(`.local/state/labmesh/projects/${projectId}.key`);
    expect(env).toContain(`LABMESH_TOKEN_FILE=${keyFile}\n`);
    expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
    const key = (await readFile(keyFile, 'utf8')).trim();
    // The key has the template's toolset, which is fewer tools than its projects use.
    await using project = await place().lab.connect(key);
    await project.call('librarian_query_knowledge_base', { question: 'Which formats can a dataset have?' });
    expect(await project.refused('curator_fetch_dataset', { datasetId: 'x' })).toBeDefined();
    expect((await member('project', 'create', name, 'mine', ...inputs)).err).toContain('that is that project'.slice(5));
    expect(
      await member('project', 'create', name, 'mine', '--input', 'site=paranal', ...inputs.slice(2)),
    ).toMatchObject({
      ...{ code: 6, err: expect.stringContaining('another inputs') },
    });

    await runIn(at('mine'));
    await updated();
    await deleted();

    async function runIn(dir: string): Promise<void> {
      const print =
        'console.log(JSON.stringify([process.env.LABMESH_TOKEN_FILE, process.env.LABMESH_TOKEN, process.env.STUDY_API_KEY, process.env.MINE, process.cwd()]))';
      const outer = { LABMESH_TOKEN: ada.token, LABMESH_TOKEN_FILE: '/nowhere', MINE: 'yes' };
      const run = await told(['project', 'run', '--dir', dir, '--', process.execPath, '-e', print], outer);
      expect([run.code, run.err]).toEqual([0, '']);
      // The project is itself, whoever starts it.
      expect(JSON.parse(run.out)).toEqual([keyFile, null, SECRET, 'yes', dir]);
      expect(
        await member('project', 'run', '--dir', dir, '--', process.execPath, '-e', 'process.exit(9)'),
      ).toMatchObject({
        ...{ code: 9, out: '', err: '' },
      });
      expect(await member('project', 'run', '--dir', dir, '--', 'no-such-program')).toMatchObject({
        ...{ code: 5, err: expect.stringContaining('no-such-program') },
      });
      expect(await member('project', 'run', '--', 'true')).toMatchObject({
        ...{ code: 5, err: expect.stringContaining('is no project') },
      });
    }

    async function updated(): Promise<void> {
      // The newest already: nothing is touched, least of all what was edited here.
      await writeFile(at('mine/plan.txt'), 'at dawn\n');
      await rm(at('mine/notes.txt'));
      expect(await member('project', 'update', 'mine')).toMatchObject({
        ...{ code: 0, err: expect.stringContaining('has the newest version, 1.0.0') },
      });
      expect(await readFile(at('mine/plan.txt'), 'utf8')).toBe('at dawn\n');

      await write(name, template(name, '1.1.0'));
      await json(operator('template', 'publish', own, '--json'));
      expect((await member('project', 'ls')).out).toMatch(new RegExp(`mine +${name} +1\\.0\\.0 +1\\.1\\.0 `));
      const dryRun = await member('project', 'update', 'mine', '--dry-run');
      expect(dryRun).toMatchObject({ code: 6, out: expect.stringMatching(/conflict +plan\.txt/) });
      expect(await readFile(at('mine/plan.txt'), 'utf8')).toBe('at dawn\n');
      const done = await member('project', 'update', 'mine');
      // A conflict is kept, marked, and told by the exit code.
      expect(done).toMatchObject({ code: 6, err: expect.stringContaining('1 conflicts are marked') });
      expect(await readFile(at('mine/plan.txt'), 'utf8')).toMatch(
        /^<{7}.*\nat dawn\n(\|{7}.*\nby day\n)?={7}\nby night\n>{7} .*1\.1\.0\n$/,
      );
      expect(await readFile(at('mine/site.toml'), 'utf8')).toContain('shown = true');
      expect(await readdir(at('mine'))).not.toContain('notes.txt');
      expect(await readFile(at('mine/.env'), 'utf8')).toBe(env);
      const shown = await member('project', 'show', 'mine');
      expect(shown.out).toMatch(/updates +.*1\.1\.0 \(1 conflicts\)/);
      expect(shown.out).not.toContain(SECRET);
      const told = await member('project', 'summary', 'mine');
      expect([told.code, told.out]).toEqual([0, expect.stringMatching(/^# mine\n[\s\S]*## What could not be told\n/)]);
      await toldByModel();
      const found = await member('tools', '--find', 'what does my project do');
      expect(found.out).toMatch(/librarian_generate_documentation_summary .* yes/);
      expect((await member('tools', '--find', 'x', 'curator_fetch_dataset')).code).toBe(2);
      expect(await json(member('project', 'ls', '--json'))).toMatchObject({ projects: [{ version: '1.1.0' }] });
      const checked = await member('project', 'check', 'mine');
      expect([checked.code, checked.out]).toEqual([0, expect.not.stringContaining('error')]);
    }

    async function toldByModel(): Promise<void> {
      const summary = (...model: string[]): Promise<Ended> => member('project', 'summary', 'mine', '--model', ...model);
      expect(await summary()).toMatchObject({ code: 6, err: expect.stringContaining('the lab has none') });
      expect(await summary('nobody')).toMatchObject({ code: 5, err: expect.stringContaining('list_models') });
      await using provider = await modelProvider({ script: () => ({ kind: 'say', text: ['It is a study.'] }) });
      const settings = { kind: 'openai', model: 'stand-in', baseUrl: provider.url };
      await place().operator.call('librarian_set_model', { name: 'teller', ...settings });
      try {
        // Without a name it is the lab's default.
        const told = await summary();
        expect([told.code, told.out]).toEqual([
          0,
          expect.stringContaining('model teller would say of it: its answer is not the JSON'),
        ]);
        expect(JSON.stringify(provider.seen)).toContain('site.toml');
      } finally {
        await place().operator.call('librarian_remove_model', { name: 'teller' });
      }
    }

    async function deleted(): Promise<void> {
      expect(await member('project', 'delete', 'mine')).toMatchObject({
        code: 2,
        err: expect.stringContaining('--yes'),
      });
      expect(await json(member('project', 'delete', 'mine', '--yes', '--json'))).toMatchObject({
        ...{ projectId, deleted: true, keyWithdrawn: true },
      });
      await expect(stat(keyFile)).rejects.toMatchObject({ code: 'ENOENT' });
      // What is on this machine stays.
      expect(await readdir(at('mine'))).toContain('plan.txt');
      await expect
        .poll(() =>
          place()
            .lab.connect(key)
            .then(
              async (client) => client[Symbol.asyncDispose]().then(() => 'good'),
              () => 'ended',
            ),
        )
        .toBe('ended');
      expect(await member('project', 'update', 'mine')).toMatchObject({ code: 5 });
      expect((await member('project', 'run', '--dir', 'mine', '--', 'true')).code).toBe(5);
      expect((await member('project', 'ls')).err).toContain('no project yet');
    }
  });
}
