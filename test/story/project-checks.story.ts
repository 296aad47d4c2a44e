// A project is looked through: what is wrong is told rule by rule, mended where that is safe, and nobody waits for it.
import { packArchive, type ProjectFile } from '@labmesh/projects';
import type { LabClient } from '@labmesh/testing';
import { expect } from 'vitest';
import { newcomer } from '../harness/follower.js';
import type { Lab } from '../harness/lab-under-test.js';
import { bring } from '../harness/tus.js';
import { verifies } from '../requirements.js';

interface Report {
  readonly ok: boolean;
  readonly checked: number;
  readonly findings: ReadonlyArray<{
    rule: string;
    severity: string;
    path: string | null;
    line: number | null;
    fixed: boolean;
  }>;
  readonly files: ReadonlyArray<{ path: string; text: string }>;
  readonly archive: { readonly sha256: string } | null;
}

/** Made here, so that no file of this repository looks as if it held one. */
const LEAKED = `glpat-${'a1B2c3D4e5'.repeat(2)}`;
const FAULTY = [
  { path: 'mail.py', text: `import os\n\nTOKEN = "${LEAKED}"\nKEY = os.environ["MAIL_KEY"]\n` },
  { path: '.env.example', text: 'A=\n' },
  { path: 'config/service.json', text: '{\n  "port": 99999\n}\n' },
];
/** As many files as a large project has, each with something for every family of rules. */
const LARGE_FILES = 1_500;

const large = (): ProjectFile[] =>
  Array.from({ length: LARGE_FILES }, (_, at) => {
    const lines = Array.from(
      { length: 40 },
      (_, line) => `value_${line} = os.environ.get("SETTING_${at}_${line}", "http://127.0.0.1:${3000 + line}/a/${at}")`,
    );
    return { path: `src/part_${at}.py`, bytes: Buffer.from(`import os\n\n${lines.join('\n')}\n`), executable: false };
  });

export function projectChecksStory(place: () => { readonly lab: Lab; readonly operator: LabClient }): void {
  verifies('projects:checked', async () => {
    const { lab, operator } = place();
    const [ada, ben] = [await newcomer(operator, 'researcher'), await newcomer(operator, 'researcher')];
    await using mine = await lab.connect(ada.token);
    await using theirs = await lab.connect(ben.token);
    const check = (input: Record<string, unknown>) => mine.call<Report>('architect_validate_project_config', input);
    const where = ({ findings }: Report) =>
      findings.filter(({ fixed }) => !fixed).map(({ rule, path, line }) => `${rule} ${path}:${line}`);

    const seen = await check({ files: FAULTY });
    expect(seen).toMatchObject({ ok: false, checked: 3, files: [] });
    expect(where(seen)).toEqual(
      expect.arrayContaining([
        'secret-in-file mail.py:3',
        'port-out-of-range config/service.json:2',
        'variable-not-named mail.py:4',
      ]),
    );
    expect(JSON.stringify(seen)).not.toContain(LEAKED);
    const mended = await check({ files: FAULTY, applyFixes: true });
    expect(mended.files).toContainEqual({ path: '.env.example', text: 'A=\nMAIL_KEY=\n' });
    expect(where(mended)).not.toContain('variable-not-named mail.py:4');
    expect(where(await check({ files: FAULTY, rules: ['secret-in-file'] }))).toEqual(['secret-in-file mail.py:3']);
    expect(
      await mine.refused('architect_validate_project_config', { files: FAULTY, rules: ['no-rule'] }),
    ).toMatchObject({
      ...{ code: 'invalid_input', message: expect.stringContaining('no-rule') },
    });

    // Of its owner alone; a project as its template made it has nothing to mend.
    const made = { template: 'data-scientist-vial', name: 'checked', place: 'archive' };
    const { project } = await mine.call<{ project: { projectId: string } }>('architect_instantiate_template', made);
    expect(where(await check({ projectId: project.projectId }))).toEqual([]);
    expect(await theirs.refused('architect_validate_project_config', { projectId: project.projectId })).toMatchObject({
      code: 'not_found',
    });

    // A large one takes its time, and the Architect goes on serving meanwhile.
    const path = await bring({ url: lab.url, token: ada.token }, await packArchive(large()));
    const looking = { over: false };
    const report = check({ uploadId: path.slice(path.lastIndexOf('/') + 1) }).finally(() => {
      looking.over = true;
    });
    let served = 0;
    for (; !looking.over; served += 1) await theirs.call('architect_list_projects');
    expect((await report).checked).toBe(LARGE_FILES);
    expect(served).toBeGreaterThan(10);
  });
}
