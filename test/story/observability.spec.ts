// What an operator sees of a lab: one trace per call, metrics whose labels stay few, a dashboard that fits them, clean logs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Collector, otlpCollector } from '@labmesh/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LabUnderTest, oneProcessLab, ROOT } from '../harness/lab-under-test.js';
import { rawMcp } from '../harness/raw-mcp.js';
import { verifies } from '../requirements.js';
import { expectAgentsLinked, expectOneTrace } from './traces.js';

let lab: LabUnderTest;
let collector: Collector;
beforeAll(async () => {
  collector = await otlpCollector();
  lab = await oneProcessLab({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'story-lab' });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

const metrics = async (): Promise<string> => (await fetch(`${lab.url}/metrics`)).text();
const request = (params: Record<string, unknown>, more: object = {}) =>
  rawMcp({ url: `${lab.url}/mcp`, token: lab.operatorToken(), params, ...more });

describe('traces', () => {
  verifies('see:trace', async () => {
    const spans = await expectOneTrace(lab, collector);
    expect(new Set(spans.map(({ service }) => service))).toEqual(new Set(['story-lab']));
    await expectAgentsLinked(lab, collector);
    expect(collector.bodies.join()).not.toContain(lab.operatorToken());
    expect(collector.bodies.join()).not.toContain('astronomer');
  });

  it('begin at the gateway when the client sends none, or one that is malformed', async () => {
    const before = collector.spans.length;
    await request({ name: 'librarian_get_agent_manifest', arguments: {} }, { headers: { traceparent: 'nonsense' } });
    const root = () =>
      collector.spans.slice(before).find(({ name }) => name === 'tools/call librarian_get_agent_manifest');
    await expect.poll(root).toBeDefined();
    expect(root()?.parentSpanId).toBeUndefined();
    expect(root()?.traceId).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are followed in the older protocol too, and not recorded when the client says so', async () => {
    const client = await lab.connect(lab.operatorToken(), { era: '2025-11-25' });
    const before = collector.spans.length;
    await client.call('chancellor_get_balance');
    const names = () => collector.spans.slice(before).map(({ name }) => name);
    await expect.poll(names).toContain('tools/call chancellor_get_balance');
    expect(names().filter((name) => name === 'chancellor/get_balance').length).toBe(2);
    await client[Symbol.asyncDispose]();
    const unsampled = crypto.randomUUID().replaceAll('-', '');
    await request(
      { name: 'chancellor_get_balance', arguments: {} },
      { meta: { traceparent: `00-${unsampled}-00f067aa0ba902b7-00` } },
    );
    await request({ name: 'curator_list_available_datasets', arguments: {} });
    await expect.poll(names).toContain('tools/call curator_list_available_datasets');
    expect(collector.spans.filter(({ traceId }) => traceId === unsampled)).toEqual([]);
  });
});

describe('metrics', () => {
  /** Names with their labels, without the values. Odd requests are unusual: that an anomaly is found meanwhile is no label of theirs. */
  const series = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line.startsWith('labmesh_') && !/anomaly_found|^labmesh_anomalies_total/.test(line))
      .map((line) => line.slice(0, line.lastIndexOf(' ')))
      .sort();

  const odd = async (round: number): Promise<void> => {
    const { url } = lab;
    const noise = `${round}-${Math.random().toString(36).slice(2)}`;
    const token = lab.operatorToken();
    for (const path of [`/x-${noise}`, `/mcp/${noise}`, `/agents/${noise}/mcp`, `/metrics/${noise}?a=${noise}`])
      await fetch(`${url}${path}`);
    await fetch(`${url}/mcp`, { method: 'PUT', body: noise });
    await request({ name: `tool_${noise}`, arguments: {} });
    await request({ name: `curator_${noise}`, arguments: {} });
    await rawMcp({ url: `${url}/mcp`, token, method: `odd/${noise}` });
    await rawMcp({ url: `${url}/mcp`, token: `lmk_${noise}`, method: 'tools/list' });
    await request({ name: 'curator_fetch_dataset', arguments: { datasetId: `ds_${noise}` } });
    await request({ name: 'architect_get_template_readme', arguments: { name: noise } });
  };

  verifies('see:metrics', async () => {
    await odd(0);
    await odd(1);
    await metrics(); // scraping is a request too
    const before = series(await metrics());
    for (let round = 2; round < 20; round++) await odd(round);
    expect(series(await metrics())).toEqual(before);
    expect(before.length).toBeGreaterThan(50);
  });

  it('count what goes on', async () => {
    const text = await metrics();
    const expected = [
      /^labmesh_build_info\{process="lab",version="\d+\.\d+\.\d+",node="[\d.]+"\} 1$/m,
      /^labmesh_auth_lookups_total\{cache="verdict",result="hit"\} [1-9]/m,
      /^labmesh_mcp_request_duration_seconds_count\{method="other",outcome="http_404"\} [1-9]/m,
      /^labmesh_mcp_request_duration_seconds_count\{method="tools\/call",outcome="unknown_tool"\} /m,
      /^labmesh_bus_request_duration_seconds_count\{agent="curator",outcome="not_found"\} [1-9]/m,
      /^labmesh_outbox_events\{agent="chancellor"\} \d+$/m,
      /^labmesh_audit_buffer_records \d+$/m,
      /^labmesh_mcp_requests_in_flight 0$/m,
      /^labmesh_trace_spans_dropped_total 0$/m,
    ];
    expect(expected.filter((line) => !line.test(text))).toEqual([]);
  });

  it('show sessions and streams while they are open', async () => {
    const figure = async (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(await metrics())?.[1]);
    const before = await figure('labmesh_open_sessions');
    const client = await lab.connect(lab.operatorToken(), { era: '2025-11-25' });
    await expect.poll(() => figure('labmesh_open_streams')).toBe(1);
    expect(await figure('labmesh_open_sessions')).toBe(before + 1);
    await client[Symbol.asyncDispose]();
    await expect.poll(() => figure('labmesh_open_streams')).toBe(0);
  });

  it('are all that the dashboard asks for', async () => {
    const text = await metrics();
    const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name = '', type = '']) => [name, type]));
    const dashboard = readFileSync(join(ROOT, 'k8s/monitoring/grafana-dashboard.json'), 'utf8');
    const asked = [...dashboard.matchAll(/"expr": "((?:[^"\\]|\\.)*)"/g)]
      .flatMap(([, expr = '']) => expr.match(/\b(?:labmesh|nodejs|process)_[a-z0-9_]+/g) ?? [])
      .filter((name) => !types.has(name))
      .filter((name) => types.get(name.replace(/_(bucket|sum|count)$/, '')) !== 'histogram');
    expect(asked).toEqual([]);
    const { panels, schemaVersion } = JSON.parse(dashboard) as {
      panels: Array<{ title: string; gridPos: object }>;
      schemaVersion: number;
    };
    expect(panels.length).toBeGreaterThan(10);
    expect(schemaVersion).toBeGreaterThanOrEqual(38);
  });
});
