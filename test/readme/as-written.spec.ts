// The documents' commands, run as they are written: a newcomer's on a clean copy, then a contributor's on the same one. A command
// that is new in the README fails here until it is run, or named as one that cannot be. Needs the npm registry.
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../harness/lab-under-test.js';
import { type Clone, cleanClone } from './clone.js';
import { blocksOf, Terminal } from './commands.js';
import { PLACES } from './example-places.js';

const ADDRESS = 'http://127.0.0.1:3000';

/** Blocks of the README that nothing here runs, by how they begin, and why. */
const NOT_RUN: ReadonlyArray<readonly [begins: string, why: string]> = [
  ['npm ci && npm test', 'it is what runs all units; .ci/run does it'],
  ['claude mcp add', 'a program of somebody else, with an account'],
  ['docker compose run', 'npm run test:images, in containers'],
];
const README = blocksOf(join(ROOT, 'README.md')).filter(({ language }) => language === '');
const readme = (begins: string): string => {
  const block = README.find(({ text }) => text.startsWith(begins));
  if (block === undefined) throw new Error(`README.md has no block that begins with ${begins}`);
  return block.text;
};
const START = 'npm ci && npm start';
const FIRST = 'npx @labmesh/cli status';
const INSPECTOR = 'npx @modelcontextprotocol/inspector';

let clone: Clone;
let lab: Child | undefined;
let url: string;

const atUrl = (command: string): string => command.replaceAll(ADDRESS, url);
/** Nobody is there to answer npx, which asks before it fetches a program: yes. */
const terminal = (folder = clone.folder): Terminal =>
  new Terminal(folder, { LABMESH_URL: url, npm_config_yes: 'true' }, atUrl);

/** `npm start` in the clone, or what the README says to begin with. */
async function start(command = 'npm start'): Promise<void> {
  await lab?.stop();
  const child = new Child({
    command: 'bash',
    args: ['-c', command],
    cwd: clone.folder,
    env: { PORT: new URL(url).port },
  });
  lab = child;
  // It may install and build everything first.
  await child.until(() => child.output.includes('LabMesh is ready'), 600_000);
}

/** Ctrl-C goes to all of a terminal's processes; here the lab is told. */
async function stop(): Promise<void> {
  const lock = JSON.parse(readFileSync(join(clone.folder, '.labmesh/pg.lock'), 'utf8')) as { pid: number };
  process.kill(lock.pid, 'SIGINT');
  await lab?.exited;
  lab = undefined;
}

beforeAll(async () => {
  clone = await cleanClone();
  url = `http://127.0.0.1:${await freePort()}`;
});
afterAll(async () => {
  if (lab !== undefined) await stop();
  await clone?.[Symbol.asyncDispose]();
});

describe('a newcomer', () => {
  it('is told nothing in the README that is not run here', () => {
    const known = [START, FIRST, INSPECTOR, ...NOT_RUN.map(([begins]) => begins)];
    expect(README.filter(({ text }) => !known.some((begins) => text.startsWith(begins)))).toEqual([]);
  });

  it('starts the lab and uses it', async () => {
    await start(readme(START));
    expect(lab?.output).toContain(`export LABMESH_URL=${url}`);
    const out = await terminal().run(readme(FIRST));
    expect(out).toMatch(/lmk_[0-9a-v]{38}/);
    expect(await terminal().run(readme(INSPECTOR))).toContain('curator_fetch_dataset');
  });

  it('brings a file, and takes it away again', async () => {
    const shell = terminal();
    const blocks = blocksOf(join(ROOT, 'docs/data-plane.md')).filter(({ language }) => language === 'sh');
    expect(blocks).toHaveLength(2);
    for (const { text } of blocks) await shell.run(text);
  });

  it('takes a copy of the lab, and goes back to it', async () => {
    const running = blocksOf(join(ROOT, 'docs/running.md'));
    const [backUp, restore] = ['tar -czf', 'mv .labmesh'].map(
      (begins) => running.find(({ text }) => text.startsWith(begins))?.text ?? '',
    );
    const wallets = async (): Promise<string> => await terminal().run('npx @labmesh/cli wallet balance --json');
    const before = await wallets();
    await stop();
    await terminal().run(`${backUp}${restore}`);
    await start();
    expect(await wallets()).toEqual(before);
    await stop();
  });
});

describe('a contributor', () => {
  /** A second try begins where the first did. */
  const untouched = new Map<string, string>();
  beforeAll(() => {
    for (const file of Object.keys(PLACES)) untouched.set(file, readFileSync(join(clone.folder, file), 'utf8'));
  });

  it('adds a tool to the letter', async () => {
    const shell = terminal();
    const [declared, ...rest] = blocksOf(join(ROOT, 'CONTRIBUTING.md')).filter(({ language }) => language === 'ts');
    expect(1 + rest.length).toBe(Object.keys(PLACES).length);
    for (const [file, source] of untouched) await writeFile(join(clone.folder, file), source);
    const insert = async (file: string, text: string): Promise<void> => {
      const source = readFileSync(join(clone.folder, file), 'utf8');
      const before = PLACES[file] ?? '';
      expect(source).toContain(before);
      await writeFile(
        join(clone.folder, file),
        source.replace(before, () => `${text}${before}`),
      );
    };
    const files = Object.keys(PLACES);
    await insert(files[0] ?? '', declared?.text ?? '');
    await expect(shell.run('npm run compile')).rejects.toThrow(/count_rows/);
    for (const [at, { text }] of rest.entries()) await insert(files[at + 1] ?? '', text);
    await shell.run('npm run format\nnpm run docs\nnpm run lint\nnpm run build\nnpm run docs:fresh');
    await shell.run('npx vitest run --project unit test/tidy.spec.ts libs/endpoint/src/catalogue');
    await shell.run('npx vitest run --project stories test/story/ownership.spec.ts');
    await start();
    const block = blocksOf(join(ROOT, 'CONTRIBUTING.md')).find(({ text }) => text.startsWith('npx @labmesh/cli call'));
    expect(JSON.parse(await shell.run(block?.text ?? ''))).toEqual({ rows: 98 });
    await stop();
  });
});
