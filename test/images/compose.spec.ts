// The image and docker-compose.yml for real, in containers: a newcomer's first hour, and what a container must not be able to do.
// By hand: npm run test:images (docs/deploy.md).
import { AGENTS } from '@labmesh/contracts';
import { afterAll, describe, expect, it } from 'vitest';
import { newcomerStory } from '../story/newcomer.story.js';
import { type ComposeStack, composeStack } from './compose-stack.js';
import { IMAGE, podman, removeLabmesh, succeeds } from './podman.js';

let stack: ComposeStack;
const APPS = [...AGENTS.map(({ name }) => name), 'gateway'];

newcomerStory(async () => {
  stack = await composeStack();
  // The story takes the stack down; what follows needs it.
  return { ...stack, [Symbol.asyncDispose]: async () => undefined };
});

afterAll(async () => {
  await stack?.[Symbol.asyncDispose]();
  await removeLabmesh();
});

describe('a container of the mesh', () => {
  it('prints a sign-in link that works once', async () => {
    const [link = '', code] = /http\S+#code=(\S+)/.exec(await stack.welcome()) ?? [];
    expect(link).toMatch(new RegExp(`^${stack.url}/#code=`));
    const signIn = async () =>
      (await fetch(`${stack.url}/sign-in`, { method: 'POST', body: JSON.stringify({ code }) })).status;
    expect([await signIn(), await signIn()]).toEqual([200, 401]);
  });

  it('is no root, holds no rights, and writes nowhere but where it must', async () => {
    for (const service of stack.services) {
      const status = await stack.exec(service, 'cat', '/proc/1/status');
      expect([service, /^Uid:\s+0\s/m.test(status)]).toEqual([service, false]);
      expect([service, /^CapEff:\s+(\w+)$/m.exec(status)?.[1]]).toEqual([service, '0000000000000000']);
      expect([service, /^NoNewPrivs:\s+(\d)$/m.exec(status)?.[1]]).toEqual([service, '1']);
      for (const place of ['/', '/usr', '/etc', '/secrets'])
        expect([
          service,
          place,
          await succeeds('podman', ['exec', stack.container(service), 'touch', `${place}/mark`]),
        ]).toEqual([service, place, false]);
    }
  });

  it('knows its own secrets and no others', async () => {
    for (const app of APPS) {
      const settings = await stack.exec(app, 'cat', '/secrets/settings.env');
      expect([app, settings.includes('REDIS_URL')]).toEqual([app, app === 'mechanic']);
      expect([app, settings.includes('LABMESH_MASTER_KEY')]).toEqual([app, app === 'sentinel']);
      expect([app, settings.includes('DATABASE_URL')]).toEqual([app, app !== 'gateway']);
      expect([app, await stack.exec(app, 'ls', '/secrets')]).toEqual([app, 'nkeys\nsettings.env']);
      expect([app, await stack.exec(app, 'ls', '/secrets/nkeys')]).toEqual([app, `${app}.nk`]);
    }
  });

  it('reaches those that it needs, and nobody else', async () => {
    const reaches = (from: string, to: string, port: number) =>
      succeeds('podman', [
        'exec',
        stack.container(from),
        'node',
        '-e',
        `require('node:net').connect(${port}, '${to}').on('connect', () => process.exit(0)).on('error', () => process.exit(1)).setTimeout(3000, () => process.exit(1))`,
      ]);
    expect(await reaches('gateway', 'nats', 4222)).toBe(true);
    expect(await reaches('curator', 'postgres', 5432)).toBe(true);
    expect(await reaches('mechanic', 'redis', 6379)).toBe(true);
    expect(await reaches('gateway', 'postgres', 5432)).toBe(false);
    expect(await reaches('architect', 'postgres', 5432)).toBe(false);
    expect(await reaches('curator', 'redis', 6379)).toBe(false);
  });

  it('stops within its grace, with nothing left undone', async () => {
    await podman('stop', '--time', '15', stack.container('curator'));
    expect(await podman('inspect', stack.container('curator'), '--format', '{{.State.ExitCode}}')).toBe('0');
    await podman('start', stack.container('curator'));
  });
});

describe('the image', () => {
  it('has a bill of materials of what is in it', async () => {
    const bill = JSON.parse(await stack.exec('gateway', 'cat', '/app/sbom.cdx.json')) as {
      bomFormat: string;
      components: Array<{ name: string; version: string }>;
    };
    const names = bill.components.map(({ name }) => name);
    expect(bill.bomFormat).toBe('CycloneDX');
    expect(names).toEqual(expect.arrayContaining(['@nestjs/core', 'zod', 'pg', 'react', 'onnxruntime-node']));
    expect(names.filter((name) => /^(vitest|typescript|prisma|eslint)$/.test(name))).toEqual([]);
  });

  it('runs the whole lab in one process, on a root that cannot be written to', async () => {
    const name = `${stack.container('lab')}_alone`;
    await podman('run', '--detach', '--name', name, '--read-only', '--cap-drop', 'ALL', '--volume', '/data', IMAGE);
    try {
      await expect.poll(() => succeeds('podman', ['healthcheck', 'run', name]), { timeout: 60_000 }).toBe(true);
      expect(await podman('logs', name)).toContain('LabMesh is ready');
    } finally {
      await podman('rm', '--force', '--volumes', name);
    }
  });
});
