// What generate_prometheus_yaml writes, as Prometheus takes it: its tool on files and rules, and a Prometheus that watches a lab.
// validate.sh brings both.
import { readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type LabClient, temporaryFolder } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { ALERT_CASES, ruleTests } from './alert-cases.js';
import { prometheus, promtool, saved } from './prometheus.js';

interface Written {
  config: string;
  rules: string;
  rulesFile: string;
  alerts: Array<{ name: string }>;
}

let lab: LabUnderTest;
let client: LabClient;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder('prometheus');
  lab = await oneProcessLab();
  client = await lab.connect(lab.operatorToken());
});
afterAll(async () => {
  await client?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

/** What the tool answers, saved in a folder of its own. */
async function written(name: string, wishes: Record<string, unknown>) {
  const answer = (await client.call('mechanic_generate_prometheus_yaml', wishes)) as unknown as Written;
  const place = join(folder, name);
  await mkdir(place);
  return { ...answer, place, file: await saved(place, answer) };
}

/** Debian builds Prometheus without Kubernetes: that line's own form is left to monitoring.spec.ts of the Mechanic. */
const withoutKubernetes = (config: string): string =>
  config.replace(/kubernetes_sd_configs:\n(?: {6}.*\n)+/, "static_configs: [{ targets: ['127.0.0.1:3000'] }]\n");

describe('promtool', () => {
  it.each([
    ['own', {}],
    ['mesh', { targets: ['127.0.0.1:3000', '[::1]:3001'], alertmanagers: ['127.0.0.1:9093'], scrapeSeconds: 60 }],
    ['dns', { discovery: 'dns', grafanaUrl: 'http://127.0.0.1:3010' }],
    ['kubernetes', { discovery: 'kubernetes', namespace: 'lab', thresholds: { diskFreeRatio: 0.2 } }],
    ['project', { project: 'flare-forecast', targets: ['127.0.0.1:8080'] }],
    ['project-in-kubernetes', { project: 'flare-forecast', discovery: 'kubernetes', namespace: 'flares' }],
  ])('takes configuration and rules: %s', async (name, wishes) => {
    const { file, place, rulesFile, config } = await written(name, wishes);
    await writeFile(file, withoutKubernetes(config));
    await expect(promtool('check', 'config', file)).resolves.toContain('SUCCESS');
    await expect(promtool('check', 'rules', join(place, rulesFile))).resolves.toContain('SUCCESS');
  });

  it('takes what docker-compose.yml has', async () => {
    await expect(promtool('check', 'config', join(ROOT, 'container/prometheus.yml'))).resolves.toContain('SUCCESS');
  });

  it('says that each alert fires when it must, and is silent when all is well', async () => {
    const { place, rulesFile, alerts } = await written('rules', {});
    expect(Object.keys(ALERT_CASES).sort()).toEqual(alerts.map(({ name }) => name).sort());
    const tests = join(place, 'tests.yml');
    await writeFile(tests, stringify(ruleTests(rulesFile)));
    await expect(promtool('test', 'rules', tests)).resolves.toContain('SUCCESS');
  });
});

describe('a Prometheus', () => {
  it('watches the lab with what the tool wrote, and finds every metric that rules and dashboard name', async () => {
    const { file, place, rules, alerts } = await written('live', { scrapeSeconds: 1 });
    await using watching = await prometheus(file, place);
    const up = async () => (await watching.query('up{job="labmesh"}')).map(({ value: [, is] }) => is);
    await expect.poll(up).toEqual(['1']);

    const dashboard = readFileSync(join(ROOT, 'k8s/monitoring/grafana-dashboard.json'), 'utf8');
    const named = (text: string) => text.match(/\b(?:labmesh|nodejs|process)_[a-z0-9_]+\b/g) ?? [];
    const known = new Set((await watching.query('{job="labmesh"}')).map(({ metric }) => metric.__name__));
    expect(named(rules).length).toBeGreaterThan(10);
    expect([...new Set(named(rules))].filter((name) => !known.has(name))).toEqual([]);
    // A panel may ask for what has not happened yet: it must be a metric of the lab all the same.
    const told = await (await fetch(`${lab.url}/metrics`)).text();
    const expressions = [...dashboard.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)].map(([, expr = '']) => expr);
    const unknown = named(expressions.join('\n'))
      .map((name) => name.replace(/_(bucket|sum|count)$/, ''))
      .filter((name) => !told.includes(`# TYPE ${name} `) && !told.includes(`# TYPE ${name}_count `));
    expect(unknown).toEqual([]);

    await expect.poll(async () => (await watching.rules()).map(({ health }) => health)).toEqual(alerts.map(() => 'ok'));
    // Before its first scrape it had seen nothing: that soon counts no more.
    await expect.poll(async () => (await watching.rules()).filter(({ state }) => state !== 'inactive')).toEqual([]);
  });

  it('shows the token of its file to the processes of a project', async () => {
    const token = join(folder, 'token');
    await writeFile(token, 'a-token-of-a-proxy\n', { mode: 0o600 });
    const server = createServer(({ headers }, res) => {
      res.statusCode = headers.authorization === 'Bearer a-token-of-a-proxy' ? 200 : 401;
      res.setHeader('content-type', 'text/plain; version=0.0.4').end('flares_forecast_total 7\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const target = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    const wishes = { project: 'flare-forecast', targets: [target], tokenFile: token, scrapeSeconds: 1 };
    const { file, place, config } = await written('behind-a-proxy', wishes);
    expect(config).not.toContain('a-token');
    {
      await using watching = await prometheus(file, place);
      const counted = async () => (await watching.query('flares_forecast_total')).map(({ metric }) => metric.project);
      await expect.poll(counted).toEqual(['flare-forecast']);
    }
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
