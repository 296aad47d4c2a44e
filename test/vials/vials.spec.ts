// Each vial as its user has it: the lab makes the project, it is installed from PyPI or npm, and the commands of its README are run as
// they are written: its own tests, its smoke test and its main path, against a running lab. Needs PyPI, the npm registry and uv.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LabClient, packageSources } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { type Block, blocksOf, Terminal } from '../readme/commands.js';
import { follow as followTutorial, leaveOut } from '../readme/tutorial.js';
import { verifies } from '../requirements.js';
import { readerOf } from './reader.js';
import { installPython, pathWithoutUv, projectOf, runIn, type VialProject } from './vial-project.js';

const VIALS = join(ROOT, 'apps/architect/vials');
const TORCH = 'torch==2.13.0';
const FOR_OPERATORS = 'npx @labmesh/cli ';

let lab: LabUnderTest;
let operator: LabClient;
beforeAll(async () => {
  // Its sources answer what was recorded: nothing is asked of the internet.
  lab = await oneProcessLab({
    LABMESH_RECORDED: '1',
    LABMESH_RATE_PER_SECOND: '0',
    PATH: pathWithoutUv(),
    ...packageSources(),
  });
  operator = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await operator?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
});

const readme = (vial: string) => blocksOf(join(VIALS, vial, 'README.md'));

/** What its reader types in the project's folder, as it is written. */
async function follow(vial: string, folder: string, env: Record<string, string> = {}): Promise<string> {
  const terminal = new Terminal(folder, env);
  let printed = '';
  for (const { language, text } of readme(vial)) if (language === 'sh') printed += await terminal.run(text);
  return printed;
}

async function made(vial: string, role: string): Promise<VialProject> {
  const project = await projectOf(lab, operator, vial, role);
  expect(await findingsOf(project)).toEqual([]);
  return project;
}

/** What the lab has against a project, but for hints. */
async function findingsOf({ owner, projectId }: Pick<VialProject, 'owner' | 'projectId'>): Promise<object[]> {
  const { findings } = await owner.call<{ findings: Array<{ severity: string }> }>(
    'architect_validate_project_config',
    { projectId },
  );
  return findings.filter(({ severity }) => severity !== 'info');
}

describe('data-scientist-vial', () => {
  it('runs as its README says: notebooks, training here, the same as a job', async () => {
    const { folder } = await made('data-scientist-vial', 'researcher');
    await installPython(folder, TORCH);
    const printed = await follow('data-scientist-vial', folder);
    expect(printed).not.toMatch(/skipped|failed/);
    const metrics = (place: string): Array<{ loss: number }> =>
      JSON.parse(readFileSync(join(folder, place, 'metrics.json'), 'utf8'));
    const [here, there] = [metrics('artifacts'), metrics('results/artifacts')];
    expect(there).toHaveLength(here.length);
    expect(there.at(-1)?.loss).toBeCloseTo(here.at(-1)?.loss ?? Number.NaN, 2);
  });
});

describe('astronomer-vial', () => {
  verifies('tutorials:telescope', async () => {
    await using reader = await readerOf(lab, operator, {
      ...{ vial: 'astronomer-vial', role: 'researcher', project: 'observatory', port: 11_111 },
    });
    const { terminal, project, port } = reader;
    const hands = {
      'python3 -m venv': async (_: Block, typed: () => Promise<string>) => {
        await installPython(project);
        await typed();
      },
      '.venv/bin/alpaca-simulators': ({ text }: Block) =>
        reader.start(`${text.trim()} --port ${port}`, `http://127.0.0.1:${port}/api/v1/telescope/0/name`),
      // Not every machine passes a broadcast on.
      '.venv/bin/observatory find': leaveOut,
    };
    await followTutorial('connect-a-telescope.md', { terminal, hands });
    expect(readFileSync(join(project, 'frames/00000.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(readFileSync(join(project, 'frames/00000.fits')).subarray(0, 6).toString()).toBe('SIMPLE');

    // The rest is the README's: imagery, light curve, videos by jobs.
    const printed = await follow('astronomer-vial', project);
    expect(printed).not.toMatch(/skipped|failed/);
    expect(printed).toContain('"date": "2023-06-12"');
    expect(readFileSync(join(project, 'results/earth.png')).subarray(1, 4).toString()).toBe('PNG');
  });
});

describe('validator-vial', () => {
  it('runs as its README says, and earns, as a researcher by datasets, as a validator by jobs, and both by what they agree on', async () => {
    const [task] = JSON.parse(readFileSync(join(VIALS, 'validator-vial/files/tasks/flares.json'), 'utf8')) as object[];
    const { datasetId, modelSha256, metric } = task as Record<string, string>;
    // Its tests, as a researcher, and its command, as a validator, are the two who agree.
    const { validation } = await operator.call<{ validation: { validationId: string } }>('curator_request_validation', {
      ...{ title: 'Flares with an ejection', method: 'models/flares.onnx of the vial', datasetId, version: 1 },
      ...{ modelSha256, metric, claimed: '0.99', tolerance: '0.005' },
    });
    const first = await made('validator-vial', 'researcher');
    await installPython(first.folder);
    const printed = await follow('validator-vial', first.folder);
    expect(printed).not.toMatch(/skipped|failed/);
    expect(printed).toMatch(/^good$/m);
    expect(await earnedBy(first)).toContain('dataset_contributed');

    const second = await made('validator-vial', 'validator');
    await installPython(second.folder);
    await runIn(second.folder, ['.venv/bin/validator', 'once']);
    await expect.poll(() => earnedBy(second)).toContain('job_completed');
    for (const project of [first, second]) await expect.poll(() => earnedBy(project)).toContain('result_validated');
    const { reports, ...ended } = await operator.call<{ reports: object[] }>('curator_get_validation', {
      validationId: validation.validationId,
    });
    expect(ended).toMatchObject({ validation: { state: 'refuted' } });
    expect(reports).toMatchObject([
      { agrees: true, rows: 98, signature: expect.any(String) },
      { agrees: true, rows: 98, signature: expect.any(String) },
    ]);
  });

  const earnedBy = async ({ owner }: VialProject): Promise<string[]> => {
    const { rewards } = await owner.call<{ rewards: Array<{ for: string; status: string }> }>(
      'chancellor_preview_rewards',
    );
    return rewards.filter(({ status }) => status === 'paid').map((reward) => reward.for);
  };
});

describe('gateway-vial', () => {
  /** Where a piece of the tutorial goes: before this line of the file. */
  const PLACES: Readonly<Record<string, string>> = {
    'src/agent/contract.ts': '  flux_of_class: {',
    'src/agent/flares.agent.ts': '      flux_of_class: async',
    'config/routes.json': '  { "tool": "flux_of_class"',
  };

  verifies('tutorials:agent', async () => {
    await using reader = await readerOf(lab, operator, {
      ...{ vial: 'gateway-vial', role: 'developer', project: 'my-agent', port: 8_080 },
    });
    const { terminal, project, port } = reader;
    const editing = async (file: string, { text }: Block): Promise<void> => {
      const source = readFileSync(join(project, file), 'utf8');
      expect(source).toContain(PLACES[file]);
      writeFileSync(
        join(project, file),
        source.replace(PLACES[file] ?? '', (before) => `${text}${before}`),
      );
    };
    const hands = {
      'busiest_regions: {': async (block: Block) => {
        await editing('src/agent/contract.ts', block);
        await expect(terminal.run('npm run build')).rejects.toThrow(/busiest_regions/);
      },
      'busiest_regions: async': (block: Block) => editing('src/agent/flares.agent.ts', block),
      '{ "tool": "busiest_regions"': (block: Block) => editing('config/routes.json', block),
      'npm start': ({ text }: Block) => reader.start(text.trim(), `http://127.0.0.1:${port}/healthz`),
      'export LABMESH_TOKEN': async (_: Block, typed: () => Promise<string>) => {
        await terminal.run('cd ../labmesh');
        await typed();
      },
      // A program of somebody else, with an account.
      'claude mcp add': leaveOut,
    };
    await followTutorial('add-an-agent.md', { terminal, hands });
  });

  it('runs as its README says, by what callers hold and by what the lab decides', async () => {
    const { folder } = await made('gateway-vial', 'developer');
    const { walletId } = await operator.call<{ walletId: string }>('chancellor_create_boilerplate_wallet', {
      role: 'citizen',
      label: 'calls the gateway-vial',
    });
    const { token } = await operator.call<{ token: string }>('sentinel_generate_wallet_token', { walletId });
    const env = { LABMESH_URL: lab.url, FLARES_TOKEN: token };
    const printed = await follow('gateway-vial', folder, env);
    expect(printed).toMatch(/^# fail 0$/m);
    expect(printed).toMatch(/^# skipped 0$/m);

    // A token that may ask the lab for decisions, as its README has it made.
    const permissions = ['access:evaluate', 'access:explain', 'dataset:read'];
    const asking = await operator.call<{ token: string }>('sentinel_generate_wallet_token', {
      kind: 'client_key',
      permissions,
    });
    const again = await runIn(folder, ['node', '--test', 'dist/test/smoke.test.js'], {
      ...env,
      LABMESH_TOKEN: asking.token,
    });
    expect(again).toMatch(/^# skipped 0$/m);
  });
});

describe('all of them', () => {
  it.each(['data-scientist-vial', 'astronomer-vial', 'validator-vial', 'gateway-vial'])(
    '%s: what its README has the operator type is true',
    async (vial) => {
      const terminal = new Terminal(ROOT, { LABMESH_URL: lab.url, LABMESH_HOME: lab.home });
      const blocks = readme(vial).filter(({ text }) => text.startsWith(FOR_OPERATORS));
      expect(blocks.length).toBeGreaterThan(0);
      for (const { text } of blocks) await terminal.run(text);
    },
  );

  it('see the lab by one and the same client', () => {
    const client = (vial: string, name: string): string =>
      readFileSync(join(VIALS, vial, 'files/src', name, 'lab.py'), 'utf8');
    const one = client('data-scientist-vial', 'flares');
    expect(client('astronomer-vial', 'observatory')).toBe(one);
    expect(client('validator-vial', 'validator')).toBe(one);
  });
});
