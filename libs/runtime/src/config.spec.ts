// Settings: sensible defaults, and one clear line for each wrong value.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWarning, readLabConfig } from './config.js';

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

  it('limits wallets and stops gently, as set or by default', () => {
    expect(read({}).limits).toMatchObject({ perSecond: 100, burst: 200, concurrent: 64 });
    expect(read({}).drain).toEqual({ leadMs: 0, boundMs: 10_000 });
    expect(read({ NATS_URL: 'nats://x' }).drain.leadMs).toBe(1_000);
    const set = { LABMESH_RATE_PER_SECOND: '7', LABMESH_CONCURRENCY: '0', LABMESH_DRAIN_LEAD_MS: '5' };
    expect(read(set)).toMatchObject({ limits: { perSecond: 7, burst: 14, concurrent: 0 }, drain: { leadMs: 5 } });
  });

  it('has a quota of files for each role but the operator’s, as set or by default', () => {
    const GIB = 2 ** 30;
    const others = { researcher: 20 * GIB, validator: 20 * GIB, developer: 20 * GIB };
    expect(read({}).fileQuotas).toEqual({ citizen: GIB, ...others });
    const set = 'citizen=5, researcher=3MiB,developer=none,operator=1TiB';
    expect(read({ LABMESH_FILE_QUOTA: set }).fileQuotas).toEqual({
      citizen: 5,
      researcher: 3 * 2 ** 20,
      validator: 20 * GIB,
      operator: 2 ** 40,
    });
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
    ['LABMESH_FILE_QUOTA', '1GiB'],
    ['LABMESH_FILE_QUOTA', 'guest=1'],
    ['LABMESH_FILE_QUOTA', 'citizen=1GB'],
    ['LABMESH_FILE_QUOTA', 'citizen=noneGiB'],
    ['BLOBS_URL', '/shared'],
    ['BLOBS_URL', 'file://server/share'],
    ['BLOBS_URL', 's3://'],
    ['LABMESH_LOG_LEVEL', 'loud'],
    ['LABMESH_RATE_PER_SECOND', '-1'],
    ['LABMESH_CONCURRENCY', 'many'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'collector:4317'],
    ['OTEL_EXPORTER_OTLP_HEADERS', 'no-pair'],
    ['OTEL_TRACES_SAMPLER_ARG', '2'],
  ])('refuses %s=%s and names it', (name, value) => {
    expect(() => read({ [name]: value })).toThrowError(new RegExp(`Cannot start.*${name}`));
  });

  it('says when processes of a mesh may not see the same files', () => {
    const warning = (env: Record<string, string>) => folderWarning(read(env));
    const NATS_URL = 'nats://127.0.0.1:4222';
    expect(warning({})).toBeUndefined();
    expect(warning({ BLOBS_URL: 'file:///blobs' })).toBeUndefined();
    expect(warning({ NATS_URL, BLOBS_URL: 's3://lab' })).toBeUndefined();
    expect(warning({ NATS_URL })).toMatch(/a folder of its own, .*blobs.*set BLOBS_URL/);
    expect(warning({ NATS_URL, BLOBS_URL: 'file:///blobs' })).toMatch(/file:\/\/\/blobs.*BLOBS_URL=s3:/);
  });

  it('records traces only where a collector is named', () => {
    expect(read({ OTEL_SERVICE_NAME: 'x' })).not.toHaveProperty('tracing');
    expect(
      read({
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:4318/',
        OTEL_EXPORTER_OTLP_HEADERS: 'X-Key=a%20b,y=1',
        OTEL_TRACES_SAMPLER_ARG: '0.1',
      }).tracing,
    ).toEqual({ url: 'http://127.0.0.1:4318/v1/traces', headers: { 'x-key': 'a b', y: '1' }, ratio: 0.1 });
  });

  it.each(['256.1.1.1', 'a b', 'http://x', 'x/y', 'x:3000'])('refuses HOST=%s', (HOST) => {
    expect(() => read({ HOST })).toThrowError(/settings: HOST: must be a host name or an address/);
  });

  it.each(['::', 'http://x', 'nats://', 'nats://x,', 'nats://a:%zz@x', 'nats://x:99999'])(
    'refuses NATS_URL=%s',
    (url) => {
      expect(() => read({ NATS_URL: url })).toThrowError(/settings: NATS_URL: must look like nats:/);
    },
  );

  it.each(['x', 'x:4222', 'nats://u:p%40@x:4222, y:4222', 'tls://x', '[::1]:4222'])('takes NATS_URL=%s', (url) => {
    expect(read({ NATS_URL: url }).natsUrl).toBe(url);
  });

  it.each(['0.0.0.0', '::', '::1', 'localhost', 'lab.example.org'])('takes HOST=%s', (HOST) => {
    expect(read({ HOST }).host).toBe(HOST);
  });

  it('refuses a folder that cannot be one', () => {
    const file = join(home, 'file');
    writeFileSync(file, '');
    expect(() => read({ LABMESH_HOME: join(file, 'below') })).toThrowError(/Cannot write.*LABMESH_HOME/);
  });
});
