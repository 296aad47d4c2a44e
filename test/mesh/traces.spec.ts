// A trace across processes: gateway and agents each send their own spans, and they are one trace.
import { type Collector, otlpCollector } from '@labmesh/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Mesh, mesh } from '../harness/lab-under-test.js';
import { expectAgentsLinked, expectOneTrace } from '../story/traces.js';

let lab: Mesh;
let collector: Collector;
beforeAll(async () => {
  collector = await otlpCollector();
  lab = await mesh({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
});
afterAll(async () => {
  await lab?.[Symbol.asyncDispose]();
  await collector?.[Symbol.asyncDispose]();
});

it('joins gateway and agent', async () => {
  const spans = await expectOneTrace(lab, collector);
  expect(spans.map(({ service, kind }) => `${service} ${kind}`).sort()).toEqual([
    'labmesh-architect 2',
    'labmesh-gateway 2',
    'labmesh-gateway 3',
  ]);
});

it('joins agents that call each other', async () => {
  const spans = await expectAgentsLinked(lab, collector);
  expect(new Set(spans.map(({ service }) => service))).toEqual(
    new Set(['labmesh-gateway', 'labmesh-sentinel', 'labmesh-chancellor']),
  );
});
