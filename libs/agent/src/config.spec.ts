// Settings: sensible defaults, and one clear line for each wrong value.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readLabConfig } from './config.js';

const home = mkdtempSync(join(tmpdir(), 'labmesh-config-'));
const read = (env: NodeJS.ProcessEnv) => readLabConfig({ port: 3000, home }, { LABMESH_HOME: home, ...env });

describe('readLabConfig', () => {
  it('needs no setting', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 3000,
      home,
      publicUrl: 'http://127.0.0.1:3000',
      logLevel: 'info',
    });
    expect(read({})).not.toHaveProperty('natsUrl');
  });

  it('takes an empty variable as one that is not set', () => {
    expect(read({ PORT: '', NATS_URL: '' })).toMatchObject({ port: 3000 });
  });

  it('never shows the address that means every interface as its own', () => {
    expect(read({ HOST: '0.0.0.0', PORT: '81' }).publicUrl).toBe('http://127.0.0.1:81');
    expect(read({ LABMESH_PUBLIC_URL: 'https://lab.example/' })).toMatchObject({
      publicUrl: 'https://lab.example',
      allowedHosts: expect.arrayContaining(['lab.example', 'localhost', '[::1]']),
    });
  });

  it.each([
    ['PORT', 'many'],
    ['PORT', '65536'],
    ['LABMESH_PUBLIC_URL', 'lab'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['REDIS_URL', 'http://x'],
    ['LABMESH_LOG_LEVEL', 'loud'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => read({ [name]: value })).toThrowError(new RegExp(`Cannot start.*${name}`));
  });

  it('refuses a folder that cannot be one', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(() => read({ LABMESH_HOME: join(file, 'below') })).toThrowError(/Cannot write.*LABMESH_HOME/);
  });
});
