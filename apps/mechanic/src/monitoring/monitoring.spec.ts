// What generate_prometheus_yaml writes: for the lab and for a project, by each kind of discovery, without a secret. That
// Prometheus takes it is shown by test/manifests/monitoring.spec.ts.
import { join } from 'node:path';
import { AGENTS, type AppError, type Call, mechanic } from '@labmesh/contracts';
import { newId } from '@labmesh/runtime';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Monitoring } from './monitoring.js';
import { shippedFiles } from './shipped.testing.js';
import type { WrittenFiles } from './written-files.repository.js';

const { input, output } = mechanic.tools.generate_prometheus_yaml;
/** Files by their text, as if they had been put. */
const texts = new Map<string, string>();
const keptAs: WrittenFiles['keep'] = async (files) =>
  files.map(({ text, ...file }) => {
    const blobId = `blob_mechanic_${newId()}`;
    texts.set(blobId, text);
    return { ...file, blobId, sha256: '', bytes: text.length };
  });
const alone = { publicUrl: 'http://127.0.0.1:3000' };
const generate = async (wishes: object, config: { publicUrl: string; natsUrl?: string } = alone) => {
  const caller = { principal: { walletId: 'wal_1' }, signal: new AbortController().signal } as Call;
  const answer = await new Monitoring(config, { keep: keptAs }).generate(input.parse(wishes), caller);
  expect(output.parse(answer)).toEqual(answer);
  const [job] = parse(answer.config).scrape_configs;
  return { ...answer, parsed: parse(answer.config), job, groups: parse(answer.rules).groups };
};

describe('a configuration of the lab', () => {
  it('watches the one process where it is, and asks rules of its job alone', async () => {
    const { parsed, job, groups, rulesFile, dashboard } = await generate({});
    expect(job).toEqual({ job_name: 'labmesh', static_configs: [{ targets: ['127.0.0.1:3000'] }] });
    expect(parsed.rule_files).toEqual([rulesFile]);
    expect(groups).toHaveLength(1);
    const selectors = groups[0].rules.flatMap(({ expr }: { expr: string }) => expr.match(/\w+\{[^}]*\}/g) ?? []);
    expect(selectors.length).toBeGreaterThan(15);
    expect(selectors.filter((selector: string) => !selector.includes('{job="labmesh"'))).toEqual([]);
    expect(dashboard).toEqual({ uid: 'labmesh', file: 'k8s/monitoring/grafana-dashboard.json', url: null });
  });

  it('is two files where that is asked for, with the names that the notes and the configuration give them', async () => {
    expect((await generate({})).files).toEqual([]);
    const { files, config, rules } = await generate({ files: true, rulesFile: 'rules/lab.yml' });
    expect(files.map(({ name, blobId }) => [name, texts.get(blobId)])).toEqual([
      ['prometheus.yml', config],
      ['lab.yml', rules],
    ]);
  });

  it('takes the lab’s own address, whatever it is', async () => {
    expect((await generate({}, { publicUrl: 'https://lab.example.org' })).job).toMatchObject({
      scheme: 'https',
      static_configs: [{ targets: ['lab.example.org:443'] }],
    });
    const { job, notes } = await generate({}, { publicUrl: 'http://127.0.0.1:3000', natsUrl: 'nats://127.0.0.1:4222' });
    expect(job.static_configs[0].targets).toHaveLength(AGENTS.length + 2);
    expect(notes.join()).toContain('name targets where yours differ');
  });

  it('finds processes by name in DNS, and by label in Kubernetes', async () => {
    expect((await generate({ discovery: 'dns', port: 4_000 })).job.dns_sd_configs[0]).toMatchObject({
      names: ['gateway', ...AGENTS.map(({ name }) => name), 'worker'],
      port: 4_000,
    });
    const { job } = await generate({ discovery: 'kubernetes', namespace: 'lab' });
    expect(job.kubernetes_sd_configs).toEqual([{ role: 'pod', namespaces: { names: ['lab'] } }]);
    expect(job.relabel_configs[0]).toMatchObject({ regex: 'labmesh', action: 'keep' });
  });

  it('names secrets by their files, and everything else that was asked for', async () => {
    const { parsed, job, groups, dashboard } = await generate({
      tokenFile: '/etc/prometheus/token',
      scheme: 'https',
      caFile: '/etc/prometheus/ca.pem',
      alertmanagers: ['127.0.0.1:9093'],
      scrapeSeconds: 5,
      thresholds: { callSeconds: 3 },
      grafanaUrl: 'http://127.0.0.1:3010/',
    });
    expect(job).toMatchObject({
      authorization: { type: 'Bearer', credentials_file: '/etc/prometheus/token' },
      tls_config: { ca_file: '/etc/prometheus/ca.pem' },
    });
    expect(parsed.global).toEqual({ scrape_interval: '5s', scrape_timeout: '5s', evaluation_interval: '5s' });
    expect(parsed.alerting.alertmanagers).toEqual([{ static_configs: [{ targets: ['127.0.0.1:9093'] }] }]);
    expect(dashboard?.url).toBe('http://127.0.0.1:3010/d/labmesh');
    const rules: Array<{ alert: string; expr: string; annotations: object }> = groups[0].rules;
    expect(rules.find(({ alert }) => alert === 'LabMeshCallsSlow')?.expr).toMatch(/> 3$/);
    expect(rules[0]?.annotations).toMatchObject({ dashboard: dashboard?.url });
  });
});

describe('a configuration of a project', () => {
  it('watches its processes under its name, with the alerts that any process can have', async () => {
    const { job, groups, alerts, dashboard } = await generate({
      project: 'flare-forecast',
      targets: ['10.0.0.7:8080'],
    });
    expect(job).toMatchObject({
      job_name: 'flare-forecast',
      relabel_configs: [{ target_label: 'project', replacement: 'flare-forecast' }],
    });
    expect(alerts.map(({ name }) => name)).toContain('ProjectTargetDown');
    expect(groups[0].rules.every(({ expr }: { expr: string }) => !expr.includes('labmesh_'))).toBe(true);
    expect(dashboard).toBeNull();
  });
});

describe('wishes that are refused', () => {
  it.each([
    [{ targets: ['nowhere'] }, 'host:port'],
    [{ targets: ['user:secret@host:80'] }, 'host:port'],
    [{ targets: ['host:70000'] }, 'a port that does not exist'],
    [{ targets: ['http://host:80/metrics'] }, 'host:port'],
    [{ tokenFile: 'lmk_secret' }, 'absolute path'],
    [{ grafanaUrl: 'http://admin:secret@127.0.0.1' }, 'no user'],
    [{ thresholds: { errorRatio: 5 } }, '1'],
    [{ scrapeSeconds: 0 }, '1'],
    [{ rulesFile: 'rules.yml\nscrape_configs: []' }, 'pattern'],
    [{ project: 'x"} or vector(1)' }, 'small letters'],
  ])('%j', (wishes, why) => {
    expect(JSON.stringify(input.safeParse(wishes).error?.issues)).toContain(why);
  });

  it.each([
    [{ project: 'mine' }, 'nobody knows where'],
    [{ project: 'mine', discovery: 'dns' }, 'nobody knows the names'],
    [{ project: 'labmesh', discovery: 'kubernetes' }, 'the lab’s own name'],
    [{ discovery: 'dns', targets: ['127.0.0.1:1'] }, 'static discovery'],
    [{ dnsNames: ['gateway'] }, 'dns discovery'],
    [{ caFile: '/ca.pem' }, 'scheme https'],
  ])('%j', async (wishes, why) => {
    await expect(generate(wishes)).rejects.toThrow(why as unknown as AppError);
  });
});

// One truth: what compose and k8s/ have is what the tool writes. After a change of the alerts: this spec with `-u`.
it.each(Object.entries(shippedFiles()))('%s is what the tool writes', async (file, text) => {
  await expect(text).toMatchFileSnapshot(join(import.meta.dirname, '../../../..', file));
});
