// A project is looked through where it is: in its folder, in its archive, in an upload, or in the caller's hands; mending goes back there.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { embedded } from '@labmesh/db/suite.testing';
import { describe, expect, it } from 'vitest';
import { type ArchitectBed, architectOn, callerOn, PUBLIC_URL, starter, textFile } from '../architect.testing.js';
import { LabKnowledge } from './lab-facts.js';
import { ProjectChecks } from './project-checks.js';

const FAULTY = [
  textFile('files/src/mail.py', 'import os\nimport httpx\n\nKEY = os.environ["MAIL_KEY_FILE"]\n'),
  textFile('files/requirements.txt', 'httpx==0.28.1\n'),
];
const lab = embedded((database) => architectOn(database, { installed: [starter({ files: FAULTY })] }));

const checksOf = ({ projects, repository, archives }: ArchitectBed) => {
  const config = { publicUrl: PUBLIC_URL };
  const nobody = { of: () => ({ get_wallet: () => Promise.reject(new Error('nobody is asked')) }) } as never;
  return new ProjectChecks(projects, repository, archives, new LabKnowledge(nobody, config), config);
};

describe('validate_project_config', () => {
  it('mends the folder of a project, once', async () => {
    const [checks, caller] = [checksOf(lab()), callerOn(lab)];
    const { projectId, folder } = await caller.made({ template: 'starter', place: 'folder' });
    const seen = await checks.validate({ projectId, applyFixes: false }, caller.call);
    expect(seen.findings).toMatchObject([
      { rule: 'variable-not-named', path: 'src/mail.py', line: 4, fixable: true, fixed: false },
    ]);
    expect(seen).toMatchObject({ ok: true, counts: { error: 0, warning: 1, fixed: 0 }, files: [], archive: null });
    const mended = await checks.validate({ projectId, applyFixes: true }, caller.call);
    // It is named now, and .env does not have it: that only its owner can mend.
    expect(mended.findings).toMatchObject([
      { rule: 'variable-not-set', path: '.env', fixed: false },
      { rule: 'variable-not-named', fixed: true },
    ]);
    expect(mended.counts).toMatchObject({ warning: 1, fixed: 1 });
    expect(await readFile(join(folder ?? '', '.env.example'), 'utf8')).toBe('LABMESH_TOKEN_FILE=\nMAIL_KEY_FILE=\n');
    expect((await stat(join(folder ?? '', '.env'))).mode & 0o777).toBe(0o600);
    const again = await checks.validate({ projectId, applyFixes: true }, caller.call);
    expect(again.findings.map(({ rule }) => rule)).toEqual(['variable-not-set']);
  });

  it('puts a mended archive in the place of a project’s', async () => {
    const [checks, caller] = [checksOf(lab()), callerOn(lab)];
    const { projectId, archive } = await caller.made({ template: 'starter', place: 'archive' });
    const mended = await checks.validate({ projectId, applyFixes: true }, caller.call);
    expect(mended.archive?.sha256).not.toBe(archive?.sha256);
    const shown = await lab().projects.show(projectId, caller.call);
    expect(shown.project.archive).toEqual(mended.archive);
    expect(shown.history).toHaveLength(1);
    expect((await checks.validate({ projectId, applyFixes: false }, caller.call)).findings).toEqual([]);
  });

  it('answers the files that it mended where the project is the caller’s', async () => {
    const [checks, caller] = [checksOf(lab()), callerOn(lab)];
    const files = [textFile('.env.example', 'A=\n'), textFile('run.py', 'import os\nprint(os.environ["B"])\n')];
    const uploadId = await caller.upload(files);
    const asText = files.map(({ path, bytes }) => ({ path, text: Buffer.from(bytes).toString() }));
    for (const input of [{ uploadId }, { files: asText }]) {
      const mended = await checks.validate({ ...input, applyFixes: true }, caller.call);
      expect(mended.files).toEqual([
        { path: '.env.example', text: 'A=\nB=\n' },
        { path: '.gitignore', text: '.env\n' },
      ]);
      expect(mended).toMatchObject({ checked: 2, archive: null, counts: { fixed: 2 } });
    }
  });

  it('is for the owner alone, by rules that are there, and mends for those who may write', async () => {
    const [checks, caller, other] = [checksOf(lab()), callerOn(lab), callerOn(lab)];
    const { projectId } = await caller.made({ template: 'starter', place: 'archive' });
    await expect(checks.validate({ projectId, applyFixes: false }, other.call)).rejects.toMatchObject({
      code: 'not_found',
    });
    const files = [{ path: 'a.txt', text: 'a' }];
    await expect(checks.validate({ files, rules: ['no-rule'], applyFixes: false }, caller.call)).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(
      checks.validate({ files: [{ path: '../a', text: 'a' }], applyFixes: false }, caller.call),
    ).rejects.toMatchObject({
      code: 'invalid_input',
    });
    const reader = { ...caller.call, principal: { ...caller.call.principal, permissions: ['project:read' as const] } };
    await expect(checks.validate({ files, applyFixes: true }, reader)).rejects.toMatchObject({ code: 'forbidden' });
  });
});
