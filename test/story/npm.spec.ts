// The lab and its command as npm runs them: what npm adds to their words, and what is left when npm is ended.

import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answers, Child, freePort, temporaryFolder } from '@labmesh/testing';
import { expect, it } from 'vitest';
import { ROOT } from '../harness/lab-under-test.js';

it.each(['SIGTERM', 'SIGKILL'] as const)(
  'npm start that gets %s takes the lab along, which leaves its folder free',
  async (signal) => {
    const home = await temporaryFolder('npm');
    for (const ended of [signal, 'SIGTERM'] as const) {
      const port = await freePort();
      const npm = new Child({
        command: 'npm',
        args: ['start'],
        cwd: ROOT,
        env: { PORT: String(port), LABMESH_HOME: home },
      });
      await npm.until(() => npm.output.includes('LabMesh is ready'));
      process.kill(npm.pid ?? 0, ended);
      await npm.exited;
      await expect.poll(() => answers(port)).toBe(false);
      // It answers no more while it puts down what it holds.
      await expect.poll(() => existsSync(join(home, 'pg.lock'))).toBe(false);
      expect(npm.output).not.toMatch(/npm (warn|WARN)/);
    }
    await rm(home, { recursive: true, force: true });
  },
);

it('the command through npx says what the command says and nothing else', async () => {
  const command = new Child({ command: 'npx', args: ['@labmesh/cli', '--version'], cwd: ROOT });
  expect(await command.exited).toBe(0);
  expect(command.output).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('npm still keeps the native code of the models from being fetched', async () => {
  const setting = new Child({
    command: 'npm',
    args: ['exec', '--call', 'node -p process.env.npm_config_onnxruntime_node_install'],
    cwd: ROOT,
  });
  expect(await setting.exited).toBe(0);
  expect(setting.output).toBe('skip\n');
});
