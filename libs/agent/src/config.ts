// The settings every process shares, read once from the environment. The only reader of it in this library.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import {
  type DrainSettings,
  drainSettings,
  LIMIT_VARIABLES,
  type LimitSettings,
  limitSettings,
} from './limits/limit-settings.js';

export const LAB_CONFIG = Symbol('LAB_CONFIG');

/** Two levels up from libs/agent/{src,dist}: the folder that holds prisma/, docs/ and apps/. */
const INSTALL_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Default of LABMESH_HOME, wherever the process is started from: where the command looks for the operator's token. */
export const DEFAULT_HOME = join(INSTALL_ROOT, '.labmesh');

export const VERSION = '0.1.0';

const blankAsAbsent = (value: unknown): unknown => (value === '' ? undefined : value);
const optional = <T extends z.ZodType>(schema: T) => z.preprocess(blankAsAbsent, schema.optional());

const Environment = z.object({
  PORT: optional(z.coerce.number().int().min(0).max(65_535)),
  HOST: optional(z.string()),
  LABMESH_HOME: optional(z.string()),
  LABMESH_PUBLIC_URL: optional(z.url({ protocol: /^https?$/ })),
  LABMESH_ALLOWED_HOSTS: optional(z.string()),
  LABMESH_LOG_LEVEL: optional(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'])),
  NATS_URL: optional(z.string()),
  DATABASE_URL: optional(z.url({ protocol: /^postgres(ql)?$/ })),
  REDIS_URL: optional(z.url({ protocol: /^rediss?$/ })),
  OTEL_EXPORTER_OTLP_ENDPOINT: optional(z.url({ protocol: /^https?$/ })),
  OTEL_EXPORTER_OTLP_HEADERS: optional(z.string()),
  OTEL_SERVICE_NAME: optional(z.string()),
  OTEL_TRACES_SAMPLER_ARG: optional(z.coerce.number().min(0).max(1)),
  ...LIMIT_VARIABLES,
});

export interface LabConfig {
  readonly host: string;
  readonly port: number;
  /** Absolute folder for data, keys and the operator's token. */
  readonly home: string;
  /** Where LabMesh itself is installed: docs, migrations, templates. */
  readonly installRoot: string;
  /** The gateway's address as clients see it, no slash at the end: issuer and audience of tokens. */
  readonly publicUrl: string;
  /** Host names accepted in `Host` and `Origin`. */
  readonly allowedHosts: readonly string[];
  readonly natsUrl?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly logLevel: string;
  /** Where traces go; left out, none are recorded. */
  readonly tracing?: TracingConfig;
  readonly version: string;
  readonly limits: LimitSettings;
  readonly drain: DrainSettings;
}

export interface TracingConfig {
  /** The collector's address for traces. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly serviceName?: string;
  /** Share of traces begun here that are recorded, 0 to 1. */
  readonly ratio: number;
}

export interface ConfigDefaults {
  readonly port: number;
  readonly home: string;
  readonly publicUrl?: string;
  readonly logLevel?: string;
}

/**
 * Reads and checks the shared settings, and makes the data folder.
 * @throws AppError invalid_input naming each wrong variable, or a folder that cannot be written.
 */
export function readLabConfig(defaults: ConfigDefaults, env: NodeJS.ProcessEnv = process.env): LabConfig {
  const parsed = Environment.safeParse(env);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
    throw new AppError('invalid_input', `Cannot start with these settings: ${wrong}`);
  }
  const set = parsed.data;
  const host = set.HOST ?? '127.0.0.1';
  const port = set.PORT ?? defaults.port;
  const home = resolve(set.LABMESH_HOME ?? defaults.home);
  const shownHost = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const publicUrl = (set.LABMESH_PUBLIC_URL ?? defaults.publicUrl ?? `http://${bracketed(shownHost)}:${port}`).replace(
    /\/+$/,
    '',
  );
  makeWritable(home);
  return Object.freeze({
    host,
    port,
    home,
    installRoot: INSTALL_ROOT,
    publicUrl,
    allowedHosts: allowedHosts(host, publicUrl, set.LABMESH_ALLOWED_HOSTS),
    ...(set.NATS_URL === undefined ? {} : { natsUrl: set.NATS_URL }),
    ...(set.DATABASE_URL === undefined ? {} : { databaseUrl: set.DATABASE_URL }),
    ...(set.REDIS_URL === undefined ? {} : { redisUrl: set.REDIS_URL }),
    logLevel: set.LABMESH_LOG_LEVEL ?? defaults.logLevel ?? 'info',
    ...tracingOf(set),
    version: VERSION,
    limits: limitSettings(set),
    drain: drainSettings(set, set.NATS_URL !== undefined),
  });
}

function tracingOf(set: z.infer<typeof Environment>): { tracing?: TracingConfig } {
  const endpoint = set.OTEL_EXPORTER_OTLP_ENDPOINT;
  const headers = headersOf(set.OTEL_EXPORTER_OTLP_HEADERS ?? '');
  if (endpoint === undefined) return {};
  return {
    tracing: {
      url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
      headers,
      ...(set.OTEL_SERVICE_NAME === undefined ? {} : { serviceName: set.OTEL_SERVICE_NAME }),
      ratio: set.OTEL_TRACES_SAMPLER_ARG ?? 1,
    },
  };
}

/** `name=value,name=value`, values percent-encoded, as OpenTelemetry writes them. */
function headersOf(list: string): Record<string, string> {
  try {
    return Object.fromEntries(
      new Headers(
        list
          .split(',')
          .filter((pair) => pair.trim() !== '')
          .map((pair): [string, string] => {
            const at = pair.indexOf('=');
            if (at < 1) throw new Error('a pair without "="');
            return [pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())];
          }),
      ),
    );
  } catch {
    throw new AppError(
      'invalid_input',
      'Cannot start with these settings: OTEL_EXPORTER_OTLP_HEADERS: must look like name=value,name=value',
    );
  }
}

const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

function allowedHosts(host: string, publicUrl: string, extra: string | undefined): string[] {
  const more = (extra ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...new Set(['localhost', '127.0.0.1', '[::1]', bracketed(host), new URL(publicUrl).hostname, ...more])];
}

function makeWritable(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      `Cannot write to the data folder ${folder}: make it writable, or set LABMESH_HOME to another (${(cause as Error).message})`,
      { cause },
    );
  }
}
