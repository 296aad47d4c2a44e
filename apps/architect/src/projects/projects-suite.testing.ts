// What projects must do, as tests: the same on each kind of database.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architect } from '@labmesh/contracts';
import { packArchive, readFolder, sha256Of, unpackArchive } from '@labmesh/projects';
import { describe, expect, it } from 'vitest';
import { type ArchitectBed, callerOn, PUBLIC_URL, publishingOn, textFile, TOKEN } from '../architect.testing.js';

const SECRET = 'k-314159265358979';
const asks = {
  properties: {
    site: { type: 'string', default: 'teide' },
    apiKey: { type: 'string', writeOnly: true, 'x-env': 'NASA_API_KEY', pattern: '^k-[0-9]+$' },
  },
  required: ['apiKey'],
};

export function projectTests(bed: () => ArchitectBed): void {
  const someone = () => callerOn(bed);
  const homeOf = (walletId: string): string => join(bed().home, 'projects', walletId);
  const publishing = publishingOn(bed);

  describe('a project in a folder', () => {
    it('holds the template filled in, its card, and an .env that names the key’s file', async () => {
      const ada = someone();
      const answer = await ada.instantiate({ template: 'starter', name: 'flare-study' });
      expect(architect.tools.instantiate_template.output.parse(answer)).toEqual(answer);
      const project = answer.project;
      expect(project).toMatchObject({
        name: 'flare-study',
        owner: ada.walletId,
        template: 'starter',
        version: '1.0.0',
        place: 'folder',
        archive: null,
      });
      const folder = join(homeOf(ada.walletId), 'flare-study');
      expect(project?.folder).toBe(folder);
      expect((await readdir(folder)).sort()).toEqual([
        '.env',
        '.env.example',
        '.gitignore',
        '.labmesh',
        'README.md',
        'run.sh',
        'src',
      ]);
      expect(await readFile(join(folder, 'src/main.py'), 'utf8')).toBe(
        `LAB = "${PUBLIC_URL}"\nWALLET = "${ada.walletId}"\n`,
      );
      const keyFile = join(bed().home, 'credentials', `${project?.projectId}.token`);
      expect(await readFile(join(folder, '.env'), 'utf8')).toBe(
        `LABMESH_URL=${PUBLIC_URL}\nLABMESH_WALLET=${ada.walletId}\nLABMESH_TOKEN_FILE=${keyFile}\n`,
      );
      expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);
      expect((await stat(keyFile)).mode & 0o777).toBe(0o600);
      expect((await readFile(keyFile, 'utf8')).trim()).toBe(TOKEN);
      for (const file of await readFolder(folder, { also: ['.env'] }))
        expect(Buffer.from(file.bytes).toString()).not.toContain(TOKEN);
      expect(answer.next).toEqual(['./run.sh']);
      expect(await readdir(homeOf(ada.walletId))).toEqual(['flare-study']);
    });

    it('is the same project when it is asked for again, and another when anything differs', async () => {
      const ada = someone();
      const first = await ada.made({ template: 'starter' });
      const again = await ada.instantiate({ template: 'starter' });
      expect(again).toMatchObject({ alreadyThere: true, project: { projectId: first.projectId } });
      await expect(ada.instantiate({ template: 'starter', place: 'archive' })).rejects.toMatchObject({
        code: 'conflict',
      });
      await expect(ada.instantiate({ template: 'other' })).rejects.toMatchObject({ code: 'conflict' });
      // A name is its owner's alone.
      expect((await someone().made({ template: 'starter' })).projectId).not.toBe(first.projectId);
    });

    it('leaves mine.txt alone, and makes nothing, when a file is in the way', async () => {
      const ada = someone();
      const folder = join(homeOf(ada.walletId), 'study');
      await mkdir(join(folder, 'src'), { recursive: true });
      await writeFile(join(folder, 'mine.txt'), 'mine');
      await writeFile(join(folder, 'src/main.py'), 'mine too');
      await expect(ada.instantiate({ template: 'starter' })).rejects.toMatchObject({ code: 'conflict' });
      expect((await readdir(folder)).sort()).toEqual(['mine.txt', 'src']);
      expect(await readFile(join(folder, 'src/main.py'), 'utf8')).toBe('mine too');
      expect((await bed().projects.list({ limit: 50 }, ada.call)).projects).toEqual([]);
      expect([...bed().keysMade.values()].at(-1)).toBe('withdrawn');
      expect(await readdir(homeOf(ada.walletId))).toEqual(['study']);
      await rm(join(folder, 'src/main.py'));
      await ada.made({ template: 'starter' });
      expect(await readFile(join(folder, 'mine.txt'), 'utf8')).toBe('mine');
    });

    it('is made once by two at once', async () => {
      const ada = someone();
      const ends = await Promise.allSettled([
        ada.instantiate({ template: 'starter' }),
        ada.instantiate({ template: 'starter' }),
      ]);
      const lost = ends.filter((end) => end.status === 'rejected');
      for (const { reason } of lost) expect(reason).toMatchObject({ code: 'conflict' });
      expect(lost.length).toBeLessThan(2);
      expect((await bed().projects.list({ limit: 50 }, ada.call)).projects).toHaveLength(1);
    });

    it('that was begun by who is gone is taken back, with all that is unchanged of it', async () => {
      const ada = someone();
      const { projectId } = await ada.made({ template: 'starter' });
      const folder = join(homeOf(ada.walletId), 'study');
      await writeFile(join(folder, 'mine.txt'), 'mine');
      await bed().database.pool.query(
        `UPDATE "architect"."projects" SET state = 'making', making_until = now() - interval '1 second' WHERE id = $1`,
        [projectId],
      );
      const [row] = await bed().repository.abandoned(false);
      expect(row?.id).toBe(projectId);
      if (row !== undefined) await bed().making.takeBack(row);
      expect(await readdir(folder)).toEqual(['mine.txt']);
      expect(await bed().repository.abandoned(true)).toEqual([]);
      await expect(stat(bed().keys.fileOf(projectId))).rejects.toMatchObject({ code: 'ENOENT' });
      expect((await ada.made({ template: 'starter' })).projectId).not.toBe(projectId);
    });

    it('is deleted whole, with its key, once', async () => {
      const ada = someone();
      const { projectId, folder } = await ada.made({ template: 'starter', place: 'both' });
      await expect(bed().projects.delete(projectId, someone().call)).rejects.toMatchObject({ code: 'not_found' });
      expect(await bed().projects.delete(projectId, ada.call)).toEqual({ projectId, deleted: true });
      expect(await bed().projects.delete(projectId, ada.call)).toEqual({ projectId, deleted: false });
      await expect(stat(folder ?? '')).rejects.toMatchObject({ code: 'ENOENT' });
      expect([...bed().keysMade.values()].at(-1)).toBe('withdrawn');
      await expect(bed().projects.show(projectId, ada.call)).rejects.toMatchObject({ code: 'not_found' });
      expect(await bed().references.usedBy(ada.walletId)).toBe(0);
      expect((await ada.made({ template: 'starter' })).projectId).not.toBe(projectId);
    });
  });

  describe('a project in an archive', () => {
    it('is the same bytes as its files, and its owner’s alone', async () => {
      const ada = someone();
      const { archive, folder, projectId } = await ada.made({ template: 'starter', place: 'archive' });
      expect(folder).toBeNull();
      expect(archive?.uri).toBe(`${PUBLIC_URL}/blobs/${archive?.blobId}`);
      const files = await bed().archives.read({ sha256: archive?.sha256 ?? '' });
      expect(sha256Of(await packArchive(files))).toBe(archive?.sha256);
      expect(files.map(({ path }) => path)).not.toContain('.env');
      const shown = await bed().projects.show(projectId, ada.call);
      expect(shown.files.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
      expect(await bed().repository.archiveOf(archive?.blobId ?? '', ada.walletId)).toMatchObject({ name: 'study' });
      expect(await bed().repository.archiveOf(archive?.blobId ?? '', someone().walletId)).toBeUndefined();
    });
  });

  it('a dry run tells files, hashes and contents, and makes nothing', async () => {
    const ada = someone();
    const answer = await ada.instantiate({ template: 'starter', dryRun: true });
    expect(answer).toMatchObject({ project: null, alreadyThere: false });
    const main = answer.files.find(({ path }) => path === 'src/main.py');
    const text = `LAB = "${PUBLIC_URL}"\nWALLET = "${ada.walletId}"\n`;
    expect(main).toMatchObject({ change: 'added', sha256: sha256Of(Buffer.from(text)), bytes: text.length });
    expect(main?.difference).toContain(`+WALLET = "${ada.walletId}"`);
    expect(answer.files.find(({ path }) => path === '.labmesh/project.json')?.note).toContain('id');
    await expect(readdir(homeOf(ada.walletId))).rejects.toMatchObject({ code: 'ENOENT' });
    expect((await bed().projects.list({ limit: 50 }, ada.call)).projects).toEqual([]);
  });

  it('names all that is missing, and what a name may not be', async () => {
    await publishing('asking', {
      inputs: { properties: { a: { type: 'string' }, b: { type: 'integer' } }, required: ['a', 'b'] },
    });
    await expect(someone().instantiate({ template: 'asking' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('still needs a, b'),
    });
    await expect(someone().instantiate({ template: 'starter', name: 'con' })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('device'),
    });
    await expect(someone().instantiate({ template: 'starter', version: '9.9.9' })).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('1.0.0'),
    });
  });

  it('are listed newest first, page by page, with what is newer', async () => {
    const ada = someone();
    await publishing('listed', {}, { version: '1.0.1' });
    const ids: string[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push((await ada.made({ template: 'listed', version: '1.0.0', name, place: 'archive' })).projectId);
    const first = await bed().projects.list({ limit: 2 }, ada.call);
    expect(architect.tools.list_projects.output.parse(first)).toEqual(first);
    expect(first.projects.map(({ name, version, newestVersion }) => [name, version, newestVersion])).toEqual([
      ['c', '1.0.0', '1.0.1'],
      ['b', '1.0.0', '1.0.1'],
    ]);
    const second = await bed().projects.list({ limit: 2, cursor: first.nextCursor }, ada.call);
    expect(second).toEqual({ projects: [expect.objectContaining({ projectId: ids[0] })] });
    expect((await bed().projects.list({ template: 'starter', limit: 50 }, ada.call)).projects).toEqual([]);
  });

  it('a secret is asked for once, checked, kept for updates, and nowhere on disk', async () => {
    const ada = someone();
    await publishing(
      'secretive',
      { inputs: asks },
      { version: '1.1.0', inputs: asks, files: [textFile('files/more.txt', 'x')] },
    );
    const at = { template: 'secretive', version: '1.0.0', place: 'both' } as const;
    await expect(ada.instantiate(at)).rejects.toMatchObject({ message: expect.stringContaining('still needs apiKey') });
    await expect(ada.instantiate({ ...at, inputs: { apiKey: 'wrong-secret' } })).rejects.toMatchObject({
      message: expect.not.stringContaining('wrong-secret'),
    });
    const project = await ada.made({ ...at, inputs: { apiKey: SECRET } });
    expect(project).toMatchObject({ inputs: { site: 'teide' }, secrets: ['apiKey'] });
    expect(await ada.instantiate({ ...at, inputs: { apiKey: SECRET } })).toMatchObject({ alreadyThere: true });
    await expect(ada.instantiate({ ...at, inputs: { apiKey: 'k-1' } })).rejects.toMatchObject({ code: 'conflict' });
    const { projectId } = project;
    expect(await bed().updates.update({ projectId, dryRun: false }, ada.call)).toMatchObject({
      updated: true,
      conflicts: 0,
    });
    expect(await bed().projects.secrets(projectId, ada.call)).toEqual({ secrets: { NASA_API_KEY: SECRET } });
    const everything = await filesBelow(bed().home);
    expect(everything.length).toBeGreaterThan(10);
    for (const path of everything) expect((await plain(path)).includes(SECRET), path).toBe(false);
    const { rows } = await bed().database.pool.query(
      `SELECT p::text AS row FROM "architect"."projects" p WHERE id = $1`,
      [projectId],
    );
    expect(JSON.stringify(rows)).not.toContain(SECRET);
  });
}

/** Archives are looked into. */
async function plain(path: string): Promise<string> {
  const bytes = await readFile(path);
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('latin1');
  return (await unpackArchive([bytes])).map((file) => Buffer.from(file.bytes).toString('latin1')).join('\n');
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
