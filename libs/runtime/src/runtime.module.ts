// What every process of the lab has, whatever runs in it: made once, from its settings, its bus, its database and its place
// for bytes.
import { BLOBS, type Blobs } from '@labmesh/blobs';
import type { Bus } from '@labmesh/bus';
import { DATABASE, type Database } from '@labmesh/db';
import type { DynamicModule } from '@nestjs/common';
import { CallRecorder } from './audit/call-recorder.js';
import { LAB_CONFIG, type LabConfig } from './config.js';
import { globalModule } from './global-module.js';
import { FailedAttempts } from './http/failed-attempts.js';
import { HttpFront } from './http/http-front.js';
import { BUS } from './injection-tokens.js';
import { Lifecycle } from './lifecycle.js';
import { LOGGER, type Logger } from './log.js';
import { METRICS, type Metrics } from './metrics.js';
import { ResourceChanges } from './resource-changes.js';
import { modelsFolder, ProcessScoring } from './scoring/process-scoring.js';
import { ScoringStateTeller } from './scoring/scoring-state.js';
import { placesOf, watchPlaces } from './state/disk.js';
import { ProcessState, ProcessStateTeller } from './state/process-state.js';
import { TRACER } from './tracing/process-tracer.js';
import type { Tracer } from './tracing/tracer.js';

/** What a process begins with. */
export interface ProcessBase {
  /** In logs and on the bus, such as `curator`. */
  readonly name: string;
  readonly config: LabConfig;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly bus: Bus;
  /** Undefined in a process that keeps nothing. */
  readonly database: Database | undefined;
  /** Undefined in a process that keeps no files. */
  readonly blobs: Blobs | undefined;
}

export interface RuntimeServices extends ProcessBase {
  readonly recorder: CallRecorder;
  readonly front: HttpFront;
  readonly failedAttempts: FailedAttempts;
  readonly scoring: ProcessScoring;
  readonly state: ProcessState;
  readonly lifecycle: Lifecycle;
}

export function runtimeServices(base: ProcessBase): RuntimeServices {
  const { config, log, metrics, bus } = base;
  const recorder = new CallRecorder(bus, log);
  metrics.readings.add('auditBuffer', () => recorder.backlog);
  metrics.readings.add('auditLag', () => recorder.lagSeconds);
  metrics.readings.add('auditDropped', () => recorder.dropped);
  const places = placesOf(config, base.blobs !== undefined);
  watchPlaces(places, metrics.readings);
  return {
    ...base,
    recorder,
    front: new HttpFront({ config, metrics, log }),
    failedAttempts: new FailedAttempts(config.limits.failedAuthPerMinute),
    scoring: new ProcessScoring({ log, metrics, folder: modelsFolder(config.installRoot) }),
    state: new ProcessState({ name: base.name, metrics, places }),
    lifecycle: new Lifecycle(),
  };
}

export const runtimeModule = (services: RuntimeServices): DynamicModule =>
  globalModule(
    [
      [LAB_CONFIG, services.config],
      [LOGGER, services.log],
      [METRICS, services.metrics],
      [TRACER, services.tracer],
      [BUS, services.bus],
      [DATABASE, services.database],
      [BLOBS, services.blobs],
      [ResourceChanges, new ResourceChanges(services.bus)],
      [CallRecorder, services.recorder],
      [HttpFront, services.front],
      [FailedAttempts, services.failedAttempts],
      [ProcessScoring, services.scoring],
      [ProcessState, services.state],
      [Lifecycle, services.lifecycle],
    ],
    [ScoringStateTeller, ProcessStateTeller],
  );
