// Which files of an installation become documents, and that nothing else does.
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { AGENTS, gatewayName, publicTools } from '@labmesh/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DOCUMENT_BYTES_MAX } from './document.js';
import { readInstallation } from './installation.js';

let root: string;

async function put(file: string, text = `# ${file}\n`): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'labmesh-installation-'));
});

afterEach(() => rm(root, { recursive: true, force: true }));

describe('readInstallation', () => {
  it('reads the documents of an installation in a fixed order, and nothing else', async () => {
    const wanted = [
      'README.md',
      'CONTRIBUTING.md',
      'docs/a.md',
      'docs/z.md',
      'docs/deep/er/b.md',
      'apps/architect/README.md',
      'apps/curator/README.md',
      'apps/architect/vials/validator-vial/README.md',
    ];
    const unwanted = [
      'NOTES.md',
      '.env',
      'docs/a.txt',
      'docs/.hidden/a.md',
      'docs/node_modules/x/README.md',
      'apps/curator/src/a.md',
      'apps/curator/NOTES.md',
    ];
    for (const file of [...wanted, ...unwanted]) await put(file);
    const { documents, skipped } = await readInstallation(root);
    expect(documents.map(({ file }) => file)).toEqual(wanted);
    expect(documents[2]?.text).toBe('# docs/a.md\n');
    expect(skipped).toEqual([]);
  });

  it('follows no link and takes no file beyond the bound, and says so', async () => {
    await put('secret/key.md', 'secret');
    await put('docs/long.md', 'x'.repeat(DOCUMENT_BYTES_MAX + 1));
    await put('apps/curator/README.md');
    await symlink(join(root, 'secret/key.md'), join(root, 'README.md'));
    await symlink(join(root, 'secret/key.md'), join(root, 'docs/key.md'));
    await symlink(join(root, 'secret'), join(root, 'docs/folder'));
    const { documents, skipped } = await readInstallation(root);
    expect(documents.map(({ file }) => file)).toEqual(['apps/curator/README.md']);
    expect(skipped).toEqual(['README.md: not a plain file', `docs/long.md: more than ${DOCUMENT_BYTES_MAX} bytes`]);
  });

  it('takes what there is of nothing', async () => {
    expect(await readInstallation(join(root, 'missing'))).toEqual({ documents: [], skipped: [] });
  });
});

it('of LabMesh itself, every tool of every agent is described in them, as its contract says', async () => {
  const { documents } = await readInstallation(join(import.meta.dirname, '../../../..'));
  const pages = new Map(documents.map(({ file, text }) => [file, text]));
  const told = publicTools(AGENTS).map(({ agent, tool, spec }) => ({
    name: gatewayName(agent, tool),
    missing: [gatewayName(agent, tool), spec.description].filter(
      (text) => pages.get(`docs/${agent}.md`)?.includes(text) !== true,
    ),
  }));
  expect(told.filter(({ missing }) => missing.length > 0)).toEqual([]);
  expect(told.length).toBeGreaterThan(60);
});
