// Publishing: from an upload and from git, checked whole, and never changed afterwards.
import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { architect } from '@labmesh/contracts';
import { embedded } from '@labmesh/db/suite.testing';
import { packArchive } from '@labmesh/projects';
import { type GitServer, gitIn, gitServer } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ArchitectBed, architectOn, callerOn, starter, starterFiles, textFile } from '../architect.testing.js';

const hosts: Array<{ host: string; port: string }> = [];
const bed: () => ArchitectBed = embedded((database) => architectOn(database, { installed: [starter()], hosts }));
const operator = callerOn(() => bed());

describe('from an upload', () => {
  it('a template is added, listed with its newest version, and made a project of', async () => {
    const published = await operator.publishFiles(starterFiles({ name: 'mine' }));
    expect(architect.tools.publish_template.output.parse(published)).toEqual(published);
    expect(published).toMatchObject({
      published: true,
      template: { name: 'mine', version: '1.0.0', source: { kind: 'published', by: operator.walletId } },
    });
    await operator.publishFiles(starterFiles({ name: 'mine', version: '1.10.0' }));
    await operator.publishFiles(starterFiles({ name: 'mine', version: '1.9.0' }));
    const listed = await bed().shelf.list({ query: 'mine' });
    expect(listed.map(({ name, version }) => [name, version])).toEqual([['mine', '1.10.0']]);
    expect((await bed().shelf.readme('mine')).markdown).toBe('# A starter\n');
    expect(await operator.made({ template: 'mine', version: '1.9.0', place: 'archive' })).toMatchObject({
      version: '1.9.0',
    });
  });

  it('the same again is no news, other content of that version is refused', async () => {
    await operator.publishFiles(starterFiles({ name: 'again' }));
    expect(await operator.publishFiles(starterFiles({ name: 'again' }))).toMatchObject({ published: false });
    const other = starterFiles({ name: 'again', files: [textFile('files/x', 'x')] });
    await expect(operator.publishFiles(other)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('a higher version'),
    });
  });

  it('its folder names it where it does not name itself', async () => {
    const inside = starterFiles().map((file) => {
      if (file.path !== 'template.json') return { ...file, path: `packed-one/${file.path}` };
      const { name: _, ...form } = JSON.parse(Buffer.from(file.bytes).toString()) as Record<string, unknown>;
      return textFile('packed-one/template.json', JSON.stringify(form));
    });
    expect((await operator.publishFiles(inside)).template.name).toBe('packed-one');
    const unnamed = inside.map((file) => ({ ...file, path: file.path.slice('packed-one/'.length) }));
    await expect(operator.publishFiles(unnamed)).rejects.toMatchObject({
      message: expect.stringContaining('it has no name'),
    });
  });

  it('a dry run checks and adds nothing; what is wrong or taken is refused', async () => {
    const uploadId = await operator.upload(starterFiles({ name: 'tried' }));
    expect(await operator.publish({ uploadId, dryRun: true })).toMatchObject({
      published: false,
      template: { name: 'tried' },
    });
    expect(await bed().shelf.names()).not.toContain('tried');
    await expect(operator.publishFiles(starterFiles())).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('of the installation'),
    });
    await expect(
      operator.publishFiles(starterFiles({ name: 'wrong', files: [textFile('files/a.md.mustache', '{{nothing}}')] })),
    ).rejects.toMatchObject({ code: 'invalid_input', message: expect.stringContaining('names nothing') });
    await expect(operator.publish({ uploadId: 'not-there', dryRun: false })).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('of two at once that say the same, one is the news', async () => {
    const files = starterFiles({ name: 'twice' });
    const both = await Promise.all([operator.publishFiles(files), operator.publishFiles(files)]);
    expect(both.map(({ published }) => published).sort()).toEqual([false, true]);
  });
});

describe('from git', () => {
  let folder: string;
  let server: GitServer;
  let base: string;
  const commits: string[] = [];

  const git = (...args: string[]): Promise<string> => gitIn(join(folder, 'work'), ...args);
  const commit = async (version: string): Promise<void> => {
    for (const file of starterFiles({ name: 'from-git', version })) {
      const path = join(folder, 'work/templates/from-git', file.path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, file.bytes);
      if (file.path.endsWith('run.sh')) await chmod(path, 0o755);
    }
    await git('add', '-A');
    await git('commit', '-qm', version);
    commits.push(await git('rev-parse', 'HEAD'));
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'labmesh-git-'));
    await mkdir(join(folder, 'work'));
    await git('init', '-q');
    await commit('1.0.0');
    await commit('1.1.0');
    await symlink('/etc/passwd', join(folder, 'work/templates/link'));
    await git('add', '-A');
    await git('commit', '-qm', 'a link');
    commits.push(await git('rev-parse', 'HEAD'));
    await git('clone', '-q', '--bare', '.', join(folder, 'repo.git'));
    server = await gitServer(folder, (path, response) => {
      if (!path.startsWith('/elsewhere')) return false;
      response.writeHead(302, { location: 'http://169.254.169.254/repo.git/info/refs' }).end();
      return true;
    });
    base = server.url;
    hosts.push(server.host);
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  });

  const publish = (url: string, commit: string, from: string | undefined = 'templates/from-git') =>
    operator.publish({ git: { url, commit, ...(from === undefined ? {} : { folder: from }) }, dryRun: false });

  it('a commit is taken, the newest and an older one, with modes', async () => {
    const newest = await publish(`${base}/repo.git`, commits[1] ?? '');
    expect(newest).toMatchObject({
      published: true,
      template: { name: 'from-git', version: '1.1.0', source: { kind: 'git', commit: commits[1] } },
    });
    expect((await publish(`${base}/repo.git`, commits[0] ?? '')).template.version).toBe('1.0.0');
    const { template } = await bed().shelf.find('from-git', '1.0.0');
    expect(template.files.find(({ path }) => path === 'run.sh')?.executable).toBe(true);
    // What came by git is what an upload of it is.
    const uploaded = starterFiles({ name: 'from-git', version: '1.1.0' }).map((file) => ({
      ...file,
      executable: file.path.endsWith('run.sh'),
    }));
    expect(await operator.publishFiles(uploaded)).toMatchObject({ published: false, sha256: newest.sha256 });
    expect((await packArchive(uploaded)).length).toBeGreaterThan(100);
  });

  it.each([
    ['a commit that is not there', () => publish(`${base}/repo.git`, 'a'.repeat(40)), 'not_found', 'has no commit'],
    ['a repository that is not there', () => publish(`${base}/none.git`, commits[0] ?? ''), 'not_found', '404'],
    [
      'a folder that is not there',
      () => publish(`${base}/repo.git`, commits[0] ?? '', 'templates/none'),
      'not_found',
      'has no folder',
    ],
    [
      'a link in it',
      () => publish(`${base}/repo.git`, commits[2] ?? '', 'templates'),
      'invalid_input',
      'link is a link',
    ],
    [
      'a host that is not listed',
      () => publish('https://github.com/x/y.git', commits[0] ?? ''),
      'forbidden',
      'LABMESH_TEMPLATE_HOSTS',
    ],
    [
      'a way to a host that is not listed',
      () => publish(`${base}/elsewhere`, commits[0] ?? ''),
      'forbidden',
      '169.254.169.254',
    ],
    [
      'credentials in the address',
      () => publish(`${base.replace('http://', 'http://me:secret@')}/repo.git`, commits[0] ?? ''),
      'forbidden',
      'operator allows',
    ],
  ])('refuses %s', async (_, use, code, message) => {
    await expect(use()).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
  });
});
