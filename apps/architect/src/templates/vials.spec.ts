// The vials that are installed: each becomes the same project, byte for byte, whenever it is made of the same values.
import { fileURLToPath } from 'node:url';
import { packArchive, readCard, sha256Of, textOf } from '@labmesh/projects';
import { describe, expect, it } from 'vitest';
import { checkInputs } from './inputs-schema.js';
import { projectFiles } from './project-files.js';
import { readTemplates } from './reading.js';

const INSTALLED = fileURLToPath(new URL('../../vials', import.meta.url));
const vials = await readTemplates(INSTALLED);
const MAKING = {
  projectId: 'prj_01940000-0000-7000-8000-000000000001',
  name: 'flare-study',
  owner: 'wal_01940000-0000-7000-8000-000000000002',
  labUrl: 'http://127.0.0.1:3000',
};

describe.each(vials)('$name', (vial) => {
  const { values, faults } = checkInputs(vial.checkInputs, {});

  it('needs no answer to be tried', () => {
    expect(faults).toEqual({ missing: [], wrong: [] });
  });

  it('is the same bytes twice, also when it was read anew', async () => {
    const again = (await readTemplates(INSTALLED)).find(({ name }) => name === vial.name);
    const first = await packArchive(projectFiles(vial, { ...MAKING, inputs: values }));
    const second = await packArchive(projectFiles(again ?? vial, { ...MAKING, inputs: { ...values } }));
    expect(sha256Of(second)).toBe(sha256Of(first));
    expect(again?.sha256).toBe(vial.sha256);
  });

  it('has a card, an example of its environment without values, and ignores its .env', () => {
    const files = projectFiles(vial, { ...MAKING, inputs: values });
    const text = (path: string): string => textOf(files.find((file) => file.path === path)?.bytes ?? Buffer.of()) ?? '';
    expect(readCard(files)).toMatchObject({ template: vial.name, version: vial.form.version, name: 'flare-study' });
    expect(text('.env.example')).toMatch(/^LABMESH_TOKEN_FILE=\s*$/m);
    expect(text('.gitignore').split('\n')).toContain('.env');
    for (const file of files) expect(textOf(file.bytes) ?? '', file.path).not.toContain('{{project.');
  });

  it('holds no address of a lab but the one that it is made for', () => {
    const other = projectFiles(vial, { ...MAKING, labUrl: 'https://lab.example.org', inputs: values });
    for (const file of other)
      if (vial.rendered.has(file.path)) expect(textOf(file.bytes)).not.toContain('127.0.0.1:3000');
  });
});
