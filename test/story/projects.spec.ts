// Projects in one process, and a lab that is killed while it makes some.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { oneProcessLab } from '../harness/lab-under-test.js';
import { operatedLab } from '../harness/shared-lab.js';
import { verifies } from '../requirements.js';
import { projectChecksStory } from './project-checks.story.js';
import { folderOnDisk, projectStory } from './projects.story.js';

const shared = operatedLab();

projectStory(() => shared);
projectChecksStory(() => shared);

verifies('projects:on-disk', () => folderOnDisk(shared));

verifies('projects:killed', async () => {
  await using killed = await oneProcessLab();
  const first = await killed.connect(killed.operatorToken());
  const { walletId, token } = await newcomer(first, 'researcher');
  const ada = await killed.connect(token);
  const names = Array.from({ length: 8 }, (_, at) => `study-${at}`);
  const asked = (name: string) => ({ template: 'data-scientist-vial', name, place: 'both' });
  const making = names.map((name) => ada.call('architect_instantiate_template', asked(name)).catch(() => undefined));
  await Promise.race(making);
  await killed.crashAndRestart();
  await using again = await killed.connect(token);
  const { projects } = await again.call<{ projects: Array<{ name: string; projectId: string }> }>(
    'architect_list_projects',
  );
  expect(projects.length).toBeGreaterThan(0);
  // What is listed is whole; of what is not, nothing is there.
  const there = await readdir(join(killed.home, 'projects', walletId));
  expect(there.sort()).toEqual(projects.map(({ name }) => name).sort());
  for (const { projectId } of projects) {
    const { files } = await again.call<{ files: unknown[] }>('architect_get_project', { projectId });
    expect(files.length).toBeGreaterThan(3);
  }
  const keys = await readdir(join(killed.home, 'credentials'));
  expect(keys.sort()).toEqual(projects.map(({ projectId }) => `${projectId}.token`).sort());
  // All of them can be made now.
  for (const name of names) await again.call('architect_instantiate_template', asked(name));
  await Promise.all(making);
});
