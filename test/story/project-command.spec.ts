// `labmesh project` and `labmesh template` against a lab in one process; and what a person at a terminal is asked.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packArchive } from '@labmesh/projects';
import { expect, it } from 'vitest';
import { COMMAND, labmesh } from '../harness/command.js';
import { operatedLab } from '../harness/shared-lab.js';
import { atTerminal } from '../harness/terminal.js';
import { bring } from '../harness/tus.js';
import { projectCommandStory, SECRET, template } from './project-command.story.js';

const shared = operatedLab();
const { lab } = shared;

projectCommandStory(() => shared);

async function published(): Promise<string> {
  const name = `asked-${crypto.randomUUID().slice(0, 8)}`;
  const files = Object.entries(template(name, '1.0.0')).map(([path, text]) => ({
    ...{ path, bytes: Buffer.from(text), executable: false },
  }));
  const path = await bring({ url: lab.url, token: lab.operatorToken() }, await packArchive(files));
  await shared.operator.call('architect_publish_template', { uploadId: path.slice(path.lastIndexOf('/') + 1) });
  return name;
}

it.runIf(process.platform === 'linux')(
  'a person at a terminal is asked for what is missing, for a secret unseen',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'labmesh-asked-'));
    const words = [process.execPath, COMMAND, 'project', 'create', await published(), 'asked'];
    const env = { HOME: folder, LABMESH_URL: lab.url, LABMESH_HOME: lab.home };
    const terminal = atTerminal(words, { cwd: folder, env });
    terminal.answer(/site, Where it is: $/, 'teide');
    terminal.answer(/nights, How many: $/, 'many');
    terminal.answer(/Cannot use "many" as nights[\s\S]*nights, How many: $/, '3');
    terminal.answer(/apiKey, text \(it is not shown\): $/, SECRET);
    const { code, out } = await terminal.ended;
    expect([code, out]).toEqual([0, expect.stringContaining(join(folder, 'asked'))]);
    expect(out).not.toContain(SECRET);
    expect(await readFile(join(folder, 'asked/site.toml'), 'utf8')).toContain('site = "teide"\nnights = 3\n');
    expect(await labmesh(lab, ['project', 'delete', 'asked', '--yes'], { HOME: folder })).toMatchObject({ code: 0 });
    await rm(folder, { recursive: true, force: true });
  },
);
