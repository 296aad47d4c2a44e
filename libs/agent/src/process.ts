// Starts and stops a process of the lab: settings, database, bus, the Nest application and its HTTP front, in that order.
import 'reflect-metadata';
import { join } from 'node:path';
import { type Bus, createTransport } from '@labmesh/bus';
import { DATABASE, type Database, openDatabase } from '@labmesh/db';
import { type DynamicModule, Module, type Provider, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AGENT_PROCESS, AgentProcess } from './agent-process.js';
import { modelsFolder, ProcessScoring } from './anomalies/process-scoring.js';
import { ScoringStateTeller } from './anomalies/scoring-state.js';
import { TextAlarms } from './anomalies/text-alarms.js';
import { TextWatch } from './anomalies/text-watch.js';
import { CallRecorder } from './audit/call-recorder.js';
import { Receipts } from './audit/receipts.js';
import { ResourceChanges } from './changes/resource-changes.js';
import { LAB_CONFIG, type LabConfig } from './config.js';
import { HttpFront, sendJson } from './http/http-front.js';
import { readiness } from './http/readiness.js';
import { Authenticator } from './identity/authenticator.js';
import { ChangedRoles } from './identity/changed-roles.js';
import { KeySet } from './identity/key-set.js';
import { PassVerifier } from './identity/pass-verifier.js';
import { Policies } from './identity/policies.js';
import { RevocationListener } from './identity/revocation-listener.js';
import { RevokedCredentials } from './identity/revoked-credentials.js';
import { RightsListener } from './identity/rights-listener.js';
import { BUS } from './injection-tokens.js';
import { Lifecycle } from './lifecycle.js';
import { CallLimits } from './limits/call-limits.js';
import { FailedAttempts } from './limits/failed-attempts.js';
import { Refusals } from './limits/refusals.js';
import { createLogger, LOGGER, type Logger, nestLogger } from './log.js';
import { createMetrics, METRICS, type Metrics } from './metrics.js';
import { observedBus } from './observed-bus.js';
import { Announcer } from './presence/announcer.js';
import { Presence } from './presence/presence.js';
import { Reach } from './presence/reach.js';
import { RestrictionList } from './restrictions/restriction-list.js';
import { RestrictionListener } from './restrictions/restriction-listener.js';
import { Restrictions } from './restrictions/restrictions.js';
import { processTracing, TRACER } from './tracing/process-tracer.js';
import type { Tracer } from './tracing/tracer.js';
import { keepCallsYoung } from './young-calls.js';

/** Calls that came over the bus may go on this long at least, even when those over HTTP took all the time there was. */
const CALLS_MS = 2_000;

export interface ProcessOptions {
  /** Name in logs and on the bus, such as `curator`. */
  readonly name: string;
  readonly module: Type;
  readonly config: LabConfig;
  /** False for a process that keeps nothing. */
  readonly database: boolean;
}

export interface RunningProcess {
  readonly config: LabConfig;
  readonly log: Logger;
  /** Port in use, also when the settings said 0. */
  readonly port: number;
  /** An instance from the application, as Nest made it. */
  get<T>(token: Type<T> | symbol): T;
  /** Finishes what is under way, then stops everything. Safe to call twice. */
  stop(): Promise<void>;
}

/** What modules find in the process: everything is made once, here. */
interface Services {
  readonly config: LabConfig;
  readonly log: Logger;
  readonly bus: Bus;
  readonly database: Database | undefined;
  readonly front: HttpFront;
  readonly recorder: CallRecorder;
  readonly agentProcess: AgentProcess;
  readonly scoring: ProcessScoring;
  readonly alarms: TextAlarms;
  readonly announcer: Announcer;
  readonly presence: Presence;
  readonly policies: Policies;
  readonly lifecycle: Lifecycle;
  readonly providers: Provider[];
}

/** @throws AppError saying what stands in the way: settings, folder, port, database or bus. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { config } = options;
  keepCallsYoung();
  const log = createLogger(options.name, config.logLevel);
  const undo: Array<() => Promise<unknown>> = [];
  let over = 0;
  const stop = once(async () => {
    for (const step of undo.reverse())
      await step().catch((error: unknown) => log.error({ err: error }, 'could not stop cleanly'));
  });
  try {
    const database = options.database
      ? await openDatabase({
          folder: join(config.home, options.name === 'lab' ? 'pg' : `pg-${options.name}`),
          ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
        })
      : undefined;
    if (database !== undefined) undo.push(() => database.close());
    const transport = await createTransport({
      name: options.name,
      ...(config.natsUrl === undefined ? {} : { natsUrl: config.natsUrl }),
    });
    undo.push(() => transport.close());
    const metrics = createMetrics({ name: options.name, version: config.version });
    const { tracer, close: closeTraces } = processTracing({ name: options.name, config, metrics, log });
    undo.push(closeTraces);
    const bus = observedBus(transport.bus, { metrics, tracer });
    const services = makeServices({ config, log, bus, database }, { metrics, tracer });
    const app = await NestFactory.createMicroservice(rootModule(options.module, services.providers), {
      ...transport.microservice,
      logger: nestLogger(log),
      abortOnError: false,
    } as object);
    undo.push(
      () => services.scoring[Symbol.asyncDispose](),
      () => app.close(),
      () => services.alarms.close(),
      () => services.recorder.close(),
      () => services.agentProcess.running.drain(Math.max(CALLS_MS, over - Date.now())),
      () => transport.leave(),
    );
    await app.listen();
    undo.push(async () => {
      services.presence.stop();
      services.policies.stop();
      services.announcer.stop();
    });
    const port = await services.front.listen();
    undo.push(() => {
      over = Date.now() + config.drain.leadMs + config.drain.boundMs;
      return services.front.close();
    });
    // Where the Sentinel does not run yet, the first pass brings the version that this process then fetches.
    services.policies.refresh().catch((error: unknown) => log.info({ err: error }, 'the policy is fetched later'));
    services.lifecycle.serve();
    services.announcer.start(services.agentProcess.contracts);
    log.info({ port, bus: bus.kind, database: database?.kind ?? 'none' }, 'serving');
    return { config, log, port, get: (token) => app.get(token, { strict: false }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function makeServices(
  base: Pick<Services, 'config' | 'log' | 'bus' | 'database'>,
  { metrics, tracer }: { metrics: Metrics; tracer: Tracer },
): Services {
  const { config, log, bus, database } = base;
  const recorder = new CallRecorder(bus, log);
  metrics.readings.add('auditBuffer', () => recorder.backlog);
  metrics.readings.add('auditLag', () => recorder.lagSeconds);
  metrics.readings.add('auditDropped', () => recorder.dropped);
  const revoked = new RevokedCredentials();
  const keys = new KeySet(bus);
  const roles = new ChangedRoles();
  const policies = new Policies(bus);
  const passes = new PassVerifier(keys, config.publicUrl, { revoked, roles, policies });
  const receipts = new Receipts(keys);
  const agentProcess = new AgentProcess({ passes, policies, recorder, receipts, metrics, tracer, log }, config.version);
  const restrictions = new Restrictions();
  const restrictionList = new RestrictionList(bus, restrictions);
  const limits = new CallLimits(config.limits);
  restrictions.onChange(() => limits.throttle(restrictions.throttled()));
  const scoring = new ProcessScoring({ log, metrics, folder: modelsFolder(config.installRoot) });
  const alarms = new TextAlarms(bus, log);
  const lifecycle = new Lifecycle();
  const presence = new Presence(bus, log);
  const reach = new Reach(presence, metrics);
  const identity = { bus, reach, revoked, roles, policies, restrictions, restrictionList };
  const front = new HttpFront({ config, metrics, log });
  front.probe('/readyz', async (_req, res) => {
    if (front.draining) return sendJson(res, 503, { ready: false, checks: { process: 'stopping' } });
    const state = await readiness({ bus, database });
    sendJson(res, state.ready ? 200 : 503, { ...state, agents: reach.report() });
  });
  const values: Array<[symbol | Type, unknown]> = [
    [LAB_CONFIG, config],
    [LOGGER, log],
    [METRICS, metrics],
    [TRACER, tracer],
    [BUS, bus],
    [ResourceChanges, new ResourceChanges(bus)],
    [DATABASE, database],
    [AGENT_PROCESS, agentProcess],
    [Lifecycle, lifecycle],
    [Presence, presence],
    [Reach, reach],
    [HttpFront, front],
    [CallRecorder, recorder],
    [RevokedCredentials, revoked],
    [ChangedRoles, roles],
    [Policies, policies],
    [Restrictions, restrictions],
    [RestrictionList, restrictionList],
    [ProcessScoring, scoring],
    [TextWatch, new TextWatch({ scoring, alarms })],
    [Authenticator, new Authenticator(identity, metrics.readings)],
    [CallLimits, limits],
    [FailedAttempts, new FailedAttempts(config.limits.failedAuthPerMinute)],
    [Refusals, new Refusals({ recorder, metrics, log })],
  ];
  return {
    ...base,
    front,
    recorder,
    agentProcess,
    scoring,
    alarms,
    announcer: new Announcer(bus, agentProcess.instance),
    presence,
    policies,
    lifecycle,
    providers: values.map(([provide, useValue]) => ({ provide, useValue })),
  };
}

function rootModule(module: Type, providers: Provider[]): DynamicModule {
  @Module({})
  class ProcessModule {}
  const shared: DynamicModule = {
    module: ProcessModule,
    global: true,
    controllers: [RevocationListener, RightsListener, RestrictionListener, ScoringStateTeller],
    providers,
    exports: providers.map((provider) => (provider as { provide: symbol }).provide),
  };
  @Module({})
  class RootModule {}
  return { module: RootModule, imports: [shared, module] };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}
