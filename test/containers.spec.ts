// docker-compose.yml and the Dockerfile against the rest of the project: an agent that is forgotten there, a setting that does
// not exist, a container with more rights than it needs. That they run is shown by test/mesh/compose.spec.ts and test/images.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENTS, gateway, WORKER } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ComposeService, composeFile, dockerfile, documentedSettings } from './harness/compose-file.js';
import { ROOT } from './harness/lab-under-test.js';

const APPS = [gateway.name, ...AGENTS.map(({ name }) => name), WORKER];
/** A worker makes namespaces for jobs, which an engine's filters forbid; it has no more rights than the others. */
const UNFILTERED = ['seccomp=unconfined', 'apparmor=unconfined', 'systempaths=unconfined'];
/** What each kind of server is for: on its network alone, beside those that use it. */
const SERVERS = { nats: 'bus', postgres: 'database', redis: 'queue' } as const;
/** Who mounts the secrets of this name, where that is not the service of the same name alone. */
const READERS: Readonly<Record<string, readonly string[]>> = {
  store: [],
  owner: ['migrate'],
  // Makes the roles, as the superuser of the server.
  postgres: ['postgres', 'roles'],
};
const { services, networks, volumes } = composeFile();
const service = (name: string): ComposeService => {
  const found = services[name];
  if (found === undefined) throw new Error(`docker-compose.yml has no service ${name}: add it`);
  return found;
};
const named = (mount: string): string => mount.split(':')[0] ?? '';
const graceSeconds = ({ stop_grace_period: period = '10s' }: ComposeService): number => Number.parseInt(period, 10);

describe('docker-compose.yml', () => {
  it('has every app, each with its own command, watched for readiness', () => {
    for (const app of APPS) {
      expect([app, service(app).command]).toEqual([app, [app]]);
      expect([app, service(app).healthcheck?.test?.at(-1)]).toEqual([app, '/readyz']);
      expect([app, graceSeconds(service(app)) >= 15]).toEqual([app, true]);
    }
  });

  it('starts the gateway last, when everybody it asks is ready', () => {
    const waitsFor = Object.entries(service(gateway.name).depends_on ?? {});
    expect(waitsFor.map(([name]) => name).sort()).toEqual(AGENTS.map(({ name }) => name).sort());
    expect(waitsFor.filter(([, { condition }]) => condition !== 'service_healthy')).toEqual([]);
  });

  it('names no setting that does not exist', () => {
    const known = documentedSettings();
    for (const [name, { image, environment = {} }] of Object.entries(services))
      if (image === service(gateway.name).image)
        expect([name, Object.keys(environment).filter((setting) => !known.has(setting))]).toEqual([name, []]);
  });

  it('gives no container more than it needs', () => {
    for (const [name, each] of Object.entries(services)) {
      expect([name, each.read_only]).toEqual([name, true]);
      expect([name, each.cap_drop, each.cap_add]).toEqual([name, ['ALL'], undefined]);
      expect([name, each.security_opt]).toEqual([
        name,
        ['no-new-privileges:true', ...(name === WORKER ? UNFILTERED : [])],
      ]);
      expect([name, each.mem_limit]).toEqual([name, expect.stringMatching(/^(\d+[mg]|\$\{[A-Z_]+:-\d+[mg]\})$/)]);
      const user = each.build === undefined ? each.user : dockerfile().user;
      expect([name, user]).toEqual([name, expect.stringMatching(/^(?!0|root).+/)]);
    }
  });

  it('lets nobody in but through the gateway, and from this machine alone', () => {
    const published = Object.entries(services).filter(([, { ports = [] }]) => ports.length > 0);
    expect(published.map(([name]) => name).sort()).toEqual([gateway.name, 'grafana']);
    for (const [, { ports = [] }] of published) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    const outside = Object.keys(networks).filter((name) => networks[name]?.internal !== true);
    for (const [name, { networks: joined = [] }] of Object.entries(services))
      if (joined.some((network) => outside.includes(network)))
        expect([name, published.some(([other]) => other === name)]).toEqual([name, true]);
  });

  it('connects each app with the servers that it uses, and with no other', () => {
    for (const app of APPS) {
      const joined = service(app).networks ?? [];
      expect([app, joined.includes('bus'), joined.includes('metrics')]).toEqual([app, true, true]);
      expect([app, joined.includes('database')]).toEqual([app, app !== gateway.name]);
      expect([app, joined.includes('queue')]).toEqual([app, app === 'mechanic' || app === WORKER]);
      expect([app, joined.includes('edge')]).toEqual([app, app === gateway.name]);
    }
    for (const [server, network] of Object.entries(SERVERS)) expect(service(server).networks).toEqual([network]);
  });

  it('gives the place for files to those that keep files, take and give them, and to nobody else', () => {
    const withFiles = [gateway.name, WORKER, ...AGENTS.filter(({ keepsFiles }) => keepsFiles).map(({ name }) => name)];
    const place = new URL(service(gateway.name).environment?.BLOBS_URL ?? '').pathname;
    for (const [name, { environment = {}, volumes: mounts = [] }] of Object.entries(services)) {
      expect([name, environment.BLOBS_URL !== undefined]).toEqual([name, withFiles.includes(name)]);
      expect([name, mounts.includes(`blobs-data:${place}`)]).toEqual([name, withFiles.includes(name)]);
    }
    // A new volume takes the owner of the folder that it is mounted on first.
    expect(dockerfile().text).toMatch(new RegExp(`chown .*${place} `));
  });

  it('shows each secret to one service, and the makers of all to nobody else', () => {
    const secrets = Object.keys(volumes).filter((name) => name.startsWith('secrets-'));
    expect(secrets).toEqual(expect.arrayContaining(APPS.map((app) => `secrets-${app}`)));
    for (const volume of secrets) {
      const owner = volume.slice('secrets-'.length);
      const readers = Object.entries(services).filter(([, each]) =>
        each.volumes?.some((mount) => named(mount) === volume),
      );
      const expected = ['prepare', ...(READERS[owner] ?? [owner])];
      expect([volume, readers.map(([name]) => name).sort()]).toEqual([volume, expected.sort()]);
      // A new volume takes the owner of the folder that it is mounted on first.
      expect([volume, dockerfile().text.includes(` ${owner} `) || dockerfile().text.includes(` ${owner}\n`)]).toEqual([
        volume,
        true,
      ]);
    }
  });

  it('mounts only files that are there', () => {
    const files = Object.values(services).flatMap(({ volumes: mounts = [] }) => mounts.map(named));
    for (const file of files.filter((mount) => mount.startsWith('./')))
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  });

  it('lets Prometheus find every app', () => {
    const settings = parse(readFileSync(join(ROOT, 'container/prometheus.yml'), 'utf8'));
    const [{ names, port }] = settings.scrape_configs[0].dns_sd_configs;
    expect(names.sort()).toEqual([...APPS].sort());
    expect(String(port)).toBe(dockerfile().env.PORT);
    expect(service('prometheus').networks).toContain('metrics');
    const mounted = service('prometheus').volumes?.join() ?? '';
    for (const file of settings.rule_files) expect(mounted).toContain(`:/etc/prometheus/${file}:ro`);
  });
});

describe('the image', () => {
  it('knows a program for every app and for the command', async () => {
    const entry = readFileSync(join(ROOT, 'container/entry.mjs'), 'utf8');
    for (const app of [...APPS, 'lab', 'labmesh']) expect(entry).toMatch(new RegExp(`\\b${app}\\b`));
  });

  it('runs as a user by number, without root, with settings that exist', () => {
    const { user, env } = dockerfile();
    expect(user).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    const known = documentedSettings();
    expect(Object.keys(env).filter((name) => name !== 'NODE_ENV' && !known.has(name))).toEqual([]);
  });
});
