// The tracer of a process, from its settings: an exporter where a collector is named, else one that only hands contexts on.
import { hostname } from 'node:os';
import type { LabConfig } from '../config.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { RESOURCE, type Resource } from './conventions.js';
import { OtlpExporter } from './otlp-exporter.js';
import { Tracer } from './tracer.js';

export const TRACER = Symbol('TRACER');

export interface ProcessTracing {
  readonly tracer: Tracer;
  close(): Promise<void>;
}

export function processTracing(services: {
  name: string;
  config: LabConfig;
  metrics: Metrics;
  log: Logger;
}): ProcessTracing {
  const { name, config, metrics, log } = services;
  const { tracing } = config;
  if (tracing === undefined) return { tracer: new Tracer(), close: () => Promise.resolve() };
  const exporter = new OtlpExporter(tracing, resourceOf(tracing.serviceName ?? `labmesh-${name}`, config), log);
  metrics.readings.add('traceQueue', () => exporter.queued);
  metrics.readings.add('traceDropped', () => exporter.dropped);
  return { tracer: new Tracer(exporter, tracing.ratio), close: () => exporter.close() };
}

const resourceOf = (service: string, { version }: LabConfig): Resource => ({
  [RESOURCE.service]: service,
  [RESOURCE.namespace]: 'labmesh',
  [RESOURCE.version]: version,
  [RESOURCE.instance]: `${hostname()}-${process.pid}`,
  [RESOURCE.host]: hostname(),
  [RESOURCE.pid]: process.pid,
  [RESOURCE.runtime]: 'nodejs',
  [RESOURCE.runtimeVersion]: process.versions.node,
  [RESOURCE.sdk]: 'labmesh',
  [RESOURCE.sdkLanguage]: 'nodejs',
  [RESOURCE.sdkVersion]: version,
});
