// Projects over NATS and on PostgreSQL, with replicas of the Architect: of two that make one at once, one wins.
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import { mesh as startedMesh } from '../harness/lab-under-test.js';
import { sharedMesh } from '../harness/shared-mesh.js';
import { verifies } from '../requirements.js';
import { projectChecksStory } from '../story/project-checks.story.js';
import { projectStory } from '../story/projects.story.js';

const mesh = sharedMesh();

projectStory(() => ({ lab: mesh.lab, operator: mesh.operator }));
projectChecksStory(() => ({ lab: mesh.lab, operator: mesh.operator }));

verifies('projects:once', async () => {
  await mesh.lab.replica('architect');
  const { token } = await newcomer(mesh.operator, 'researcher');
  await using ada = await mesh.lab.connect(token);
  for (let round = 0; round < 5; round += 1) {
    const asked = { template: 'gateway-vial', name: `at-once-${round}`, place: 'archive' };
    const make = () =>
      ada.call<{ project: { projectId: string } }>('architect_instantiate_template', asked).then(
        ({ project }) => project.projectId,
        (error: { code?: string }) => error.code,
      );
    const ends = await Promise.all(Array.from({ length: 4 }, make));
    const ids = ends.filter((end) => end?.startsWith('prj_'));
    expect(new Set(ids).size).toBe(1);
    expect(ends.filter((end) => !ids.includes(end)).every((code) => code === 'conflict')).toBe(true);
  }
  const { projects } = await ada.call<{ projects: unknown[] }>('architect_list_projects');
  expect(projects).toHaveLength(5);
  // Processes of a mesh have disks of their own.
  expect(
    await ada.refused('architect_instantiate_template', { template: 'gateway-vial', name: 'here', place: 'folder' }),
  ).toMatchObject({ code: 'invalid_input', message: expect.stringContaining('LABMESH_PROJECTS') });
});

/** Projects that this process made, by its own count of finished calls. */
async function madeBy(port: number): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counted = [...text.matchAll(/^labmesh_calls_total\{([^}]*)\} (\d+)/gm)].filter(([, labels = '']) =>
    labels.includes('"instantiate_template"'),
  );
  return counted.reduce((sum, [, , count]) => sum + Number(count), 0);
}

verifies('projects:shared-disk', async () => {
  const disk = await temporaryFolder('projects');
  await using lab = await startedMesh({ LABMESH_PROJECTS: disk });
  const { port } = await lab.replica('architect');
  const places = [Number(new URL(lab.urlOf('architect')).port), port];
  await using operator = await lab.connect(lab.operatorToken());
  const { token, walletId } = await newcomer(operator, 'researcher');
  await using ada = await lab.connect(token);
  const names = Array.from({ length: 12 }, (_, at) => `study-${String(at).padStart(2, '0')}`);
  const made = await Promise.all(
    names.map((name) =>
      ada.call<{ project: { projectId: string; folder: string } }>('architect_instantiate_template', {
        ...{ template: 'gateway-vial', name, place: 'folder' },
      }),
    ),
  );
  expect(made.map(({ project }) => project.folder)).toEqual(names.map((name) => join(disk, walletId, name)));
  expect((await readdir(join(disk, walletId))).sort()).toEqual(names);
  // Both made some, and either lists all.
  for (const place of places) expect(await madeBy(place)).toBeGreaterThan(0);
  for (let round = 0; round < 6; round += 1) {
    const { projects } = await ada.call<{ projects: Array<{ name: string }> }>('architect_list_projects');
    expect(projects.map(({ name }) => name).sort()).toEqual(names);
  }
  // One disk: an edit is seen by whichever is asked, a name is taken for both, and what one made the other removes.
  const [first] = made;
  const folder = first?.project.folder ?? '';
  await rm(join(folder, 'README.md'));
  for (let round = 0; round < 6; round += 1) {
    const shown = await ada.call<{ files: Array<{ path: string }> }>('architect_get_project', {
      projectId: first?.project.projectId,
    });
    expect(shown.files.map(({ path }) => path)).not.toContain('README.md');
  }
  for (const { project } of made) {
    const env = await readFile(join(project.folder, '.env'), 'utf8');
    expect(env).toContain(`LABMESH_URL=${lab.url}\n`);
    await ada.call('architect_delete_project', { projectId: project.projectId });
    await expect(stat(project.folder)).rejects.toMatchObject({ code: 'ENOENT' });
  }
  expect(await ada.call('architect_list_projects')).toMatchObject({ projects: [] });
  await rm(disk, { recursive: true, force: true });
});
