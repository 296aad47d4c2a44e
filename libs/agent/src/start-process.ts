// Starts and stops a process of the lab: settings, database, place for bytes, bus, the Nest application and its HTTP front, in that order.
import 'reflect-metadata';
import { openBlobs } from '@labmesh/blobs';
import { createTransport } from '@labmesh/bus';
import { AGENTS } from '@labmesh/contracts';
import { openDatabase } from '@labmesh/db';
import { Announcer, type EndpointHost, endpointHost, endpointHostModule } from '@labmesh/endpoint';
import { identityModule, identityServices } from '@labmesh/identity';
import {
  blobsFolder,
  createLogger,
  createMetrics,
  databaseFolder,
  folderWarning,
  globalModule,
  type LabConfig,
  LoggedErrors,
  type Logger,
  nestLogger,
  observedBus,
  type ProcessBase,
  processTracing,
  Receipts,
  readiness,
  runtimeModule,
  runtimeServices,
  sendJson,
  setUpCollector,
} from '@labmesh/runtime';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AGENT_PROCESS, AgentProcess } from './agent-process.js';
import { meshStores } from './mesh-stores.js';

/** Calls that came over the bus may go on this long at least, even when those over HTTP took all the time there was. */
const CALLS_MS = 2_000;

export interface ProcessOptions {
  /** Name in logs and on the bus, such as `curator`. */
  readonly name: string;
  readonly module: Type;
  readonly config: LabConfig;
  /** False for a process that keeps nothing. */
  readonly database: boolean;
  /** True for a process that keeps files, or takes and gives them: it opens the place for bytes. */
  readonly blobs?: boolean;
  /** It makes what all processes of the mesh need at the broker. */
  readonly keepsStores?: boolean;
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

/** @throws AppError saying what stands in the way: settings, folder, port, database or bus. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { config } = options;
  setUpCollector();
  const errors = new LoggedErrors(options.name);
  const log = createLogger(options.name, config.logLevel, { errors });
  const undo: Array<() => Promise<unknown>> = [];
  let over = 0;
  const stop = once(async () => {
    for (const step of undo.reverse())
      await step().catch((error: unknown) => log.error({ err: error }, 'could not stop cleanly'));
  });
  try {
    const database = options.database
      ? await openDatabase({
          folder: databaseFolder(config, options.name),
          ...(config.databaseUrl === undefined ? {} : { url: config.databaseUrl }),
          onWait: (why) => log.warn(why),
        })
      : undefined;
    if (database !== undefined) undo.push(() => database.close());
    const blobs =
      options.blobs === true ? await openBlobs({ url: config.blobsUrl, folder: blobsFolder(config) }) : undefined;
    if (blobs !== undefined) undo.push(() => blobs.close());
    if (blobs !== undefined) warnOfFolder(config, log);
    const transport = await transportOf(options);
    undo.push(() => transport.close());
    const metrics = createMetrics({ name: options.name, version: config.version });
    const { tracer, close: closeTraces } = processTracing({ name: options.name, config, metrics, log });
    undo.push(closeTraces);
    const bus = observedBus(transport.bus, { metrics, tracer });
    const services = processServices({ name: options.name, config, log, metrics, tracer, bus, database, blobs });
    const app = await NestFactory.createMicroservice(rootModule(options.module, services), {
      ...transport.microservice,
      logger: nestLogger(log),
      abortOnError: false,
    } as object);
    undo.push(
      () => services.scoring[Symbol.asyncDispose](),
      () => app.close(),
      () => errors.close(),
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
    errors.by(bus);
    services.announcer.start(services.agentProcess.contracts);
    log.info({ port, bus: bus.kind, database: database?.kind ?? 'none', blobs: blobs?.kind ?? 'none' }, 'serving');
    return { config, log, port, get: (token) => app.get(token, { strict: false }), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const transportOf = ({ name, config: { natsUrl, natsSeed }, keepsStores = false }: ProcessOptions) =>
  createTransport({ name, natsUrl, natsSeed, ...(keepsStores ? { keeps: meshStores(AGENTS) } : {}) });

function warnOfFolder(config: LabConfig, log: Logger): void {
  const warning = folderWarning(config);
  if (warning !== undefined) log.warn(warning);
}

/** What the process has, made from the ground up: each floor from those below it. */
function processServices(base: ProcessBase): EndpointHost & { agentProcess: AgentProcess; announcer: Announcer } {
  const runtime = runtimeServices(base);
  const identity = identityServices(base);
  const host = endpointHost({ ...runtime, ...identity });
  const { version, publicUrl } = base.config;
  const agentProcess = new AgentProcess({ ...host, publicUrl, receipts: new Receipts(identity.keys) }, version);
  probeReadiness(host);
  return { ...host, agentProcess, announcer: new Announcer(base.bus, agentProcess.instance) };
}

function probeReadiness({ front, bus, database, blobs, reach }: EndpointHost): void {
  front.probe('/readyz', async (_req, res) => {
    if (front.draining) return sendJson(res, 503, { ready: false, checks: { process: 'stopping' } });
    const state = await readiness({ bus, database, blobs });
    sendJson(res, state.ready ? 200 : 503, { ...state, agents: reach.report() });
  });
}

function rootModule(module: Type, services: ReturnType<typeof processServices>): DynamicModule {
  @Module({})
  class RootModule {}
  const { agentProcess } = services;
  return {
    module: RootModule,
    imports: [
      runtimeModule(services),
      identityModule(services),
      endpointHostModule(services),
      globalModule([[AGENT_PROCESS, agentProcess]]),
      module,
    ],
  };
}

function once(action: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= action();
    return done;
  };
}
