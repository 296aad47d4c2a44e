// The Inspector's command, as its users run it, against the gateway in both protocol eras. Needs the npm registry once.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type LabUnderTest, oneProcessLab } from '../harness/lab-under-test.js';

const INSPECTOR = '@modelcontextprotocol/inspector@2.12.0';
const run = promisify(execFile);

let lab: LabUnderTest;
beforeAll(async () => {
  lab = await oneProcessLab();
}, 180_000);
afterAll(() => lab?.[Symbol.asyncDispose]());

const inspect = async (...args: string[]): Promise<string> => {
  const common = [
    '-y',
    INSPECTOR,
    '--cli',
    `${lab.url}/mcp`,
    '--transport',
    'http',
    '--format',
    'json',
    '--header',
    `Authorization: Bearer ${lab.operatorToken()}`,
  ];
  const { stdout } = await run('npx', [...common, ...args], { timeout: 240_000, maxBuffer: 1e8 });
  return stdout;
};

it.each([[[]], [['--protocol-era', 'modern']]])(
  'lists and calls %s',
  async (era) => {
    expect(await inspect(...era, '--method', 'tools/list')).toContain('curator_fetch_dataset');
    const answer = await inspect(
      ...era,
      '--method',
      'tools/call',
      '--tool-name',
      'architect_get_template_readme',
      '--tool-args-json',
      '{"name":"astronomer"}',
    );
    expect(answer).toContain('astronomer');
  },
  300_000,
);
