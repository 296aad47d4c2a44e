// What bringing a project to a newer template must do, as tests: the same on each kind of database.
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { architect } from '@labmesh/contracts';
import { describe, expect, it, vi } from 'vitest';
import {
  type ArchitectBed,
  callerOn,
  NEXT_TOKEN,
  publishingOn,
  starterFiles,
  textFile,
  TOKEN,
} from '../architect.testing.js';

export function updateTests(bed: () => ArchitectBed): void {
  const someone = () => callerOn(bed);
  const publishing = publishingOn(bed);

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
}
