// docs/tutorials/analyse-solar-flares.md to the letter, against the lab that it starts: recorded data, a folder of its own.
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@labmesh/testing';
import { expect } from 'vitest';
import { oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { type Block, Terminal } from '../readme/commands.js';
import { follow } from '../readme/tutorial.js';
import { verifies } from '../requirements.js';

verifies('tutorials:flares', async () => {
  await using lab = await oneProcessLab({}, ['--demo']);
  const folder = await temporaryFolder('flares');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const where = (command: string): string => command.replaceAll('.labmesh-demo', lab.home);
  const terminal = new Terminal(folder, { LABMESH_OUTPUT: 'table', LABMESH_URL: lab.url }, where);
  const started = ({ text }: Block): void => expect(text).toBe('npm start -- --demo\n');
  await follow('analyse-solar-flares.md', { terminal, hands: { 'npm start': started } });
  const parquet = await readFile(join(folder, 'flares.parquet'));
  expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  await rm(folder, { recursive: true, force: true });
});
