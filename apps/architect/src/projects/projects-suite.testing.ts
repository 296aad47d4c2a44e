// What projects must do, as tests: the same on each kind of database.
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architect } from '@labmesh/contracts';
import { packArchive, readFolder, sha256Of, unpackArchive } from '@labmesh/projects';
import { describe, expect, it, vi } from 'vitest';
import {
  type ArchitectBed,
  callerOn,
  NEXT_TOKEN,
  PUBLIC_URL,
  starterFiles,
  textFile,
  TOKEN,
} from '../architect.testing.js';

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
  /** A template of its own, so that versions can come and go. */
  const publishing = async (name: string, ...versions: Array<Parameters<typeof starterFiles>[0]>) => {
    for (const version of versions) await someone().publishFiles(starterFiles({ name, ...version }));
  };

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

  describe('an update', () => {
    it('makes run.sh executable when that is all that is new', async () => {
      const ada = someone();
      await publishing('moding', {});
      const { projectId, folder } = await ada.made({ template: 'moding' });
      const files = starterFiles({ name: 'moding', version: '1.1.0' }).map((file) =>
        file.path === 'files/run.sh' ? { ...file, executable: true } : file,
      );
      await someone().publishFiles(files);
      const answer = await bed().updates.update({ projectId, dryRun: false }, ada.call);
      expect(architect.tools.update_project.output.parse(answer)).toEqual(answer);
      expect(answer).toMatchObject({ updated: true, conflicts: 0, project: { version: '1.1.0' } });
      expect(answer.files.map(({ path, change }) => [path, change])).toEqual([
        ['.labmesh/project.json', 'changed'],
        ['run.sh', 'mode'],
      ]);
      expect((await stat(join(folder ?? '', 'run.sh'))).mode & 0o111).toBe(0o111);
      // Once more there is nothing to do.
      expect(await bed().updates.update({ projectId, dryRun: false }, ada.call)).toMatchObject({
        updated: false,
        files: [],
      });
    });

    it('gives the project a key of the tools that it has now, and withdraws the one before', async () => {
      const ada = someone();
      const tools = ['curator_fetch_dataset', 'librarian_find_tool'];
      await publishing('keyed', {}, { version: '1.1.0' }, { version: '2.0.0', tools });
      const { projectId } = await ada.made({ template: 'keyed', version: '1.0.0' });
      const keyOf = async () => (await bed().repository.find(projectId))?.tokenId ?? '';
      const first = await keyOf();
      await bed().updates.update({ projectId, version: '1.1.0', dryRun: false }, ada.call);
      expect(await keyOf()).toBe(first);
      await bed().updates.update({ projectId, dryRun: true }, ada.call);
      expect(await keyOf()).toBe(first);
      await bed().updates.update({ projectId, dryRun: false }, ada.call);
      const second = await keyOf();
      expect([bed().keysMade.get(first), bed().keysMade.get(second)]).toEqual(['withdrawn', 'good']);
      const file = bed().keys.fileOf(projectId);
      expect([await readFile(file, 'utf8'), (await stat(file)).mode & 0o777]).toEqual([`${NEXT_TOKEN}\n`, 0o600]);
      await bed().projects.delete(projectId, ada.call);
      expect(bed().keysMade.get(second)).toBe('withdrawn');
    });

    it('that cannot be placed leaves the key as it was', async () => {
      const ada = someone();
      const files = [textFile('files/taken', 'a file')];
      await publishing('unkeyed', {}, { version: '2.0.0', tools: ['librarian_find_tool'], files });
      const { projectId, folder } = await ada.made({ template: 'unkeyed', version: '1.0.0' });
      const first = (await bed().repository.find(projectId))?.tokenId ?? '';
      const placing = vi.spyOn(bed().places, 'place').mockRejectedValueOnce(new Error('the disk is full'));
      await expect(bed().updates.update({ projectId, dryRun: false }, ada.call)).rejects.toThrow('the disk is full');
      placing.mockRestore();
      expect([(await bed().repository.find(projectId))?.tokenId, bed().keysMade.get(first)]).toEqual([first, 'good']);
      expect([...bed().keysMade.values()].at(-1)).toBe('withdrawn');
      expect(await readFile(bed().keys.fileOf(projectId), 'utf8')).toBe(`${TOKEN}\n`);
      expect(await readdir(folder ?? '')).not.toContain('taken');
    });

    it('keeps edits, deletions and files of the user, marks conflicts, and tells of each', async () => {
      const ada = someone();
      const body = (first: string, last: string): string => `${first}\n${'middle\n'.repeat(5)}${last}\n`;
      const files = (text: string) => [
        textFile('files/notes.txt', text),
        textFile('files/gone.txt', text),
        textFile('files/clash.txt', text),
      ];
      await publishing(
        'merging',
        { files: files(body('one', 'end')) },
        { version: '2.0.0', files: files(body('one', 'END')) },
      );
      const { projectId, folder = '' } = await ada.made({ template: 'merging', version: '1.0.0', place: 'both' });
      const at = (name: string): string => join(folder ?? '', name);
      await writeFile(at('notes.txt'), body('ONE, MINE', 'end'));
      await writeFile(at('clash.txt'), body('one', 'my end'));
      await writeFile(at('mine.txt'), 'mine');
      await rm(at('gone.txt'));
      const [checked] = (await bed().updates.check({ projectId }, ada.call)).projects;
      expect(checked).toMatchObject({ version: '1.0.0', newestVersion: '2.0.0' });
      const dry = await bed().updates.update({ projectId, dryRun: true }, ada.call);
      expect(await readFile(at('notes.txt'), 'utf8')).toBe(body('ONE, MINE', 'end'));
      const done = await bed().updates.update({ projectId, dryRun: false }, ada.call);
      expect(done.files).toEqual(dry.files);
      expect(done.files.map(({ path, change }) => [path, change])).toEqual([
        ['.labmesh/project.json', 'changed'],
        ['clash.txt', 'conflict'],
        ['gone.txt', 'kept'],
        ['notes.txt', 'changed'],
      ]);
      expect(checked?.files.map(({ path }) => path)).toEqual(done.files.map(({ path }) => path));
      expect(await readFile(at('notes.txt'), 'utf8')).toBe(body('ONE, MINE', 'END'));
      expect(await readFile(at('clash.txt'), 'utf8')).toContain(
        '<<<<<<< yours\nmy end\n=======\nEND\n>>>>>>> merging 2.0.0\n',
      );
      expect((await readdir(folder ?? '')).sort()).not.toContain('gone.txt');
      expect(await readFile(at('mine.txt'), 'utf8')).toBe('mine');
      const shown = await bed().projects.show(projectId, ada.call);
      expect(shown.history.map(({ version, conflicts, kept }) => [version, conflicts, kept])).toEqual([
        ['1.0.0', 0, 0],
        ['2.0.0', 1, 1],
      ]);
      const archived = await bed().archives.read({ sha256: done.project.archive?.sha256 ?? '' });
      expect(archived.map(({ path }) => path)).toEqual(shown.files.map(({ path }) => path));
    });

    it('of a project that lives elsewhere takes it as an upload, and gives it back', async () => {
      const ada = someone();
      await publishing('away', {}, { version: '1.1.0', files: [textFile('files/new.txt', 'new')] });
      const { projectId, archive } = await ada.made({ template: 'away', version: '1.0.0', place: 'archive' });
      const files = await bed().archives.read({ sha256: archive?.sha256 ?? '' });
      const mine = [...files.filter(({ path }) => path !== 'run.sh'), textFile('mine.txt', 'mine')];
      const other = await ada.made({ template: 'away', version: '1.0.0', name: 'other', place: 'archive' });
      await expect(
        bed().updates.update({ projectId: other.projectId, uploadId: await ada.upload(mine), dryRun: false }, ada.call),
      ).rejects.toMatchObject({ message: expect.stringContaining('another project') });
      const done = await bed().updates.update({ projectId, uploadId: await ada.upload(mine), dryRun: false }, ada.call);
      const after = await bed().archives.read({ sha256: done.project.archive?.sha256 ?? '' });
      expect(after.map(({ path }) => path)).toEqual([
        '.env.example',
        '.gitignore',
        '.labmesh/project.json',
        'README.md',
        'mine.txt',
        'new.txt',
        'src/main.py',
      ]);
      await expect(
        bed().updates.update({ projectId, uploadId: 'not-mine', dryRun: false }, ada.call),
      ).rejects.toMatchObject({ code: 'not_found' });
      await expect(
        bed().updates.update({ projectId, version: '1.0.0', dryRun: false }, ada.call),
      ).rejects.toMatchObject({ message: expect.stringContaining('older') });
    });

    it('is another’s to ask for never', async () => {
      const { projectId } = await someone().made({ template: 'starter', place: 'archive' });
      for (const use of [
        () => bed().updates.update({ projectId, dryRun: true }, someone().call),
        () => bed().updates.check({ projectId }, someone().call),
        () => bed().projects.secrets(projectId, someone().call),
      ])
        await expect(use()).rejects.toMatchObject({ code: 'not_found' });
    });
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
