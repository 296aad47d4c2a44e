// Projects on the page, in a real browser against a real lab: a template is found and read, a project is seen before it is made, made,
// checked, mended, saved, brought to a newer version and deleted.
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LabClient } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { by, DESK, fits, LOOKS, onPage, type PageUnderTest } from '../harness/page.js';
import { bring } from '../harness/tus.js';

let tested: PageUnderTest;
let operator: LabClient;
let own: string;
beforeAll(async () => {
  own = await mkdtemp(join(tmpdir(), 'labmesh-templates-'));
  await template(own);
});
afterAll(() => rm(own, { recursive: true, force: true }));
onPage(
  (page) => {
    tested = page;
    operator = page.operator;
  },
  () => ({ LABMESH_TEMPLATES: own }),
);

const INPUTS = {
  type: 'object',
  required: ['mailKey', 'observatory'],
  properties: {
    observatory: { type: 'string', title: 'Observatory', pattern: '^[A-Z][a-z]+$', description: 'Its name, one word' },
    nights: { type: 'integer', title: 'Nights', minimum: 1, maximum: 30, default: 7 },
    remote: { type: 'boolean', title: 'Remote', default: true },
    band: { type: 'string', title: 'Band', enum: ['red', 'green', 'blue'], default: 'red' },
    mailKey: { type: 'string', title: 'Key of the mail', writeOnly: true, 'x-env': 'MAIL_KEY', minLength: 8 },
  },
  additionalProperties: false,
};

/** One of the operator's, with a fault in it that can be mended and one that cannot. */
async function template(folder: string, { name = 'observing-log', version = '1.0.0', more = '' } = {}): Promise<void> {
  const form = {
    ...{
      name,
      version,
      title: 'Observing log',
      summary: 'Keeps a log of nights at a telescope.',
      audience: 'Observers',
    },
    ...{ tools: ['curator_fetch_dataset'], inputs: INPUTS, next: ['python3 log.py'] },
  };
  const files = {
    'template.json': JSON.stringify(form),
    'README.md': `# Observing log\n\nA *log* of nights.\n\n| step | command |\n| --- | --- |\n| start | \`python3 log.py\` |\n\n<script>alert(1)</script>\n`,
    'files/dot-gitignore': '.env\n',
    'files/dot-env.example': 'LABMESH_TOKEN_FILE=\n',
    'files/log.py.mustache': `import os\n\nNAME = "{{inputs.observatory}}"\nNIGHTS = {{inputs.nights}}\nARCHIVE = os.environ["LOG_ARCHIVE"]\n${more}`,
    'files/src/deep/er/port.json': '{ "port": 99999 }\n',
  };
  for (const [path, text] of Object.entries(files)) {
    const at = join(folder, name, path);
    await mkdir(join(at, '..'), { recursive: true });
    await writeFile(at, text);
  }
}

/** A version of a template for everybody, from an archive. */
async function publish(version: string, more: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'labmesh-publish-'));
  await template(folder, { name: 'night-plan', version, more });
  const archive = join(folder, 'night-plan.tar.gz');
  execFileSync('tar', ['-czf', archive, '-C', join(folder, 'night-plan'), '.']);
  const at = { url: tested.lab.url, token: tested.lab.operatorToken() };
  const path = await bring(at, await readFile(archive));
  await operator.call('architect_publish_template', { uploadId: path.split('/').at(-1) });
  await rm(folder, { recursive: true, force: true });
}

const PROJECT = { template: 'observing-log', inputs: { observatory: 'Paranal', mailKey: 'not-a-real-key' } };

describe('a project', () => {
  for (const look of LOOKS) {
    it(`is found, seen, made, checked and saved, at ${look.width} px, ${look.colorScheme}`, async () => {
      const ada = await newcomer(operator, 'researcher');
      const page = await tested.open(look);
      await tested.signIn(page, ada.token);
      await page.goto(`${tested.lab.url}/#/projects`);
      await by(page, 'projects-nothing').waitFor();
      await by(page, 'project-new').click();
      await by(page, 'templates').waitFor();
      await tested.picture(page, 'projects-templates', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'template-search').fill('nights telescope log');
      await expect.poll(() => by(page, 'templates').getByRole('listitem').count()).toBe(1);
      await by(page, 'template-observing-log').click();

      await expect.poll(() => by(page, 'readme').innerText()).toContain('<script>alert(1)</script>');
      await tested.picture(page, 'projects-readme', look);
      await by(page, 'start-open').click();
      await by(page, 'input-observatory').fill('paranal');
      await by(page, 'input-nights').fill('99');
      await by(page, 'start-preview').click();
      const form = () => by(page, 'start').innerText();
      await expect.poll(form).toContain('At most 30.');
      for (const problem of ['Must match ^[A-Z][a-z]+$', 'This field is required.'])
        expect(await form()).toContain(problem);
      await tested.picture(page, 'projects-form', look);
      await by(page, 'start-name').fill('my-nights');
      await by(page, 'start-place').selectOption('both');
      await by(page, 'input-observatory').fill('Paranal');
      await by(page, 'input-nights').fill('9');
      expect(await by(page, 'input-mailKey').getAttribute('type')).toBe('password');
      await by(page, 'input-mailKey').fill('not-a-real-key');
      await by(page, 'start-preview').click();
      const files = by(page, 'files');
      await files.getByText('log.py', { exact: true }).click();
      await expect.poll(() => files.innerText()).toMatch(/NAME = "Paranal"\s+NIGHTS = 9/);
      expect(await files.innerText()).not.toContain('not-a-real-key');
      await tested.picture(page, 'projects-preview', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'start-go').click();

      await expect.poll(() => by(page, 'project-name').innerText()).toBe('my-nights');
      await by(page, 'summary-go').click();
      await expect.poll(() => by(page, 'summary-shown').innerText()).toContain('log.py');
      await by(page, 'summary').scrollIntoViewIfNeeded();
      await tested.picture(page, 'projects-summary', look);
      expect(await fits(page)).toBe(true);
      await by(page, 'check-go').click();
      await expect.poll(() => by(page, 'report').innerText()).toContain('src/deep/er/port.json:1');
      expect(await by(page, 'report').innerText()).toContain('log.py:5');
      await tested.picture(page, 'projects-report', look);
      await by(page, 'check-fix').click();
      await expect.poll(() => by(page, 'report').innerText()).toContain('Mended');
      expect(await by(page, 'check-fix').count()).toBe(0);
      expect(await fits(page)).toBe(true);

      const saved = page.waitForEvent('download');
      await by(page, 'project-save').click();
      const archive = (await (await saved).path()) ?? '';
      expect(execFileSync('tar', ['-xzOf', archive, '--wildcards', '*.env.example'], { encoding: 'utf8' })).toContain(
        'LOG_ARCHIVE=',
      );
      await page.goto(`${tested.lab.url}/#/projects`);
      await expect.poll(() => by(page, 'projects').innerText()).toContain('my-nights');
      await tested.picture(page, 'projects-list', look);
      await page.context().close();
    });
  }

  it('is seen at a newer version of its template, and brought there with what its owner wrote', async () => {
    const ada = await newcomer(operator, 'researcher');
    await publish('1.0.0', '');
    const client = await tested.lab.connect(ada.token);
    const made = { ...PROJECT, template: 'night-plan', name: 'plan', place: 'folder' };
    const { project } = await client.call<{ project: { projectId: string; folder: string } }>(
      'architect_instantiate_template',
      made,
    );
    await client[Symbol.asyncDispose]();
    await appendFile(join(project.folder, 'README.md'), 'Mine.\n');
    await publish('1.1.0', 'SEEING = 0.8\n');
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/projects`);
    await expect.poll(() => by(page, 'projects').innerText()).toContain('newer: 1.1.0');
    await page.getByText('plan', { exact: true }).click();
    await by(page, 'update-preview').click();
    const files = by(page, 'files');
    await files.getByText('log.py', { exact: true }).click();
    await expect.poll(() => files.innerText()).toContain('+SEEING = 0.8');
    await by(page, 'update').scrollIntoViewIfNeeded();
    await tested.picture(page, 'projects-update', DESK);
    await by(page, 'update-go').click();
    await expect.poll(() => by(page, 'update-done').innerText()).toContain('It is at 1.1.0 now');
    expect(await readFile(join(project.folder, 'log.py'), 'utf8')).toContain('SEEING = 0.8');
    expect(await readFile(join(project.folder, 'README.md'), 'utf8')).toContain('Mine.');
    await page.context().close();
  });

  it('is deleted once its owner said so', async () => {
    const ada = await newcomer(operator, 'researcher');
    const client = await tested.lab.connect(ada.token);
    const made = { ...PROJECT, name: 'old-nights', place: 'folder' };
    const { project } = await client.call<{ project: { projectId: string; folder: string } }>(
      'architect_instantiate_template',
      made,
    );
    await client[Symbol.asyncDispose]();
    await appendFile(join(project.folder, 'log.py'), '# mine\n');
    const page = await tested.open(DESK);
    await tested.signIn(page, ada.token);
    await page.goto(`${tested.lab.url}/#/projects/list/${project.projectId}`);
    await expect.poll(() => by(page, 'update').innerText()).toContain('is the newest version');
    await by(page, 'project-delete').click();
    await tested.picture(page, 'projects-delete', DESK);
    await by(page, 'delete-go').click();
    await by(page, 'projects-nothing').waitFor();
    await page.context().close();
  });

  it('logs no error and breaks no content policy', () => {
    expect(tested.problems).toEqual([]);
  });
});
