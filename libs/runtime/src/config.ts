// The settings every process shares, read once from the environment. The only reader of it in this library.
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
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
} from './limit-settings.js';
import { DEFAULT_QUOTAS, type FileQuotas, QUOTA_VARIABLES } from './quota-setting.js';
import { readSettings, setting } from './setting.js';

export { readSettings, setting };

export const LAB_CONFIG = Symbol('LAB_CONFIG');

/** Two levels up from libs/runtime/{src,dist}: the folder that holds prisma/, docs/ and apps/. */
const INSTALL_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Default of LABMESH_HOME, wherever the process is started from: where the command looks for the operator's token. */
export const DEFAULT_HOME = join(INSTALL_ROOT, '.labmesh');

export const VERSION = '0.1.0';

/** Port of the gateway and of the lab; the agents' own ports follow it in the order of AGENTS. */
export const GATEWAY_PORT = 3000;

export const PROCESS_SETTINGS = z.object({
  PORT: setting(z.coerce.number().int().min(0).max(65_535).optional(), {
    without: '`3000`',
    description: 'Port of the gateway. An agent that runs alone takes 3001 to 3006.',
  }),
  HOST: setting(z.string().refine(isHost, 'must be a host name or an address, without a port').optional(), {
    without: '`127.0.0.1`',
    description: 'Address to listen on.',
  }),
  LABMESH_HOME: setting(z.string().optional(), {
    without: '`.labmesh` where LabMesh is installed',
    description:
      'Folder for the embedded database, keys, `operator.token` and the index of the knowledge base. One lab at a time may use it.',
  }),
  LABMESH_PUBLIC_URL: setting(z.url({ protocol: /^https?$/ }).optional(), {
    without: '`http://HOST:PORT`',
    description:
      'The gateway’s address as clients see it; issuer and audience of tokens. In a mesh, the same for every process.',
  }),
  LABMESH_ALLOWED_HOSTS: setting(z.string().optional(), {
    description: 'More host names, separated by commas, that are accepted in `Host` and `Origin`.',
  }),
  LABMESH_LOG_LEVEL: setting(z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace']).optional(), {
    without: '`warn` for the lab, `info` for a process alone',
    description: 'Logs are JSON lines on standard error.',
  }),
  NATS_URL: setting(
    z.string().refine(isBrokerList, 'must look like nats://host:4222, several with commas between').optional(),
    {
      without: 'in process',
      description: 'NATS server with JetStream, such as `nats://127.0.0.1:4222`.',
    },
  ),
  NATS_NKEY_FILE: setting(z.string().optional(), {
    without: 'whoever `NATS_URL` says',
    description: 'File with the seed that proves to NATS which process this is ([mesh.md](mesh.md)).',
  }),
  DATABASE_URL: setting(z.url({ protocol: /^postgres(ql)?$/ }).optional(), {
    without: 'embedded',
    description: 'PostgreSQL 15 or newer, such as `postgresql://user@host/labmesh`.',
  }),
  BLOBS_URL: setting(
    z
      .string()
      .regex(/^(s3:\/\/[^/?#]|file:\/\/\/)/, 'must look like s3://bucket/prefix or file:///folder')
      .optional(),
    {
      without: '`blobs` in `LABMESH_HOME`',
      description:
        'Where agents keep bytes, and the gateway uploads: S3, `s3://bucket/prefix?region=…` (`&endpoint=http://…` for another server than AWS), or a folder that all processes share, `file:///shared/folder`. A mesh on more than one machine needs S3, and every process says so at its start when it has a folder. See [mesh.md](mesh.md).',
    },
  ),
  REDIS_URL: setting(z.url({ protocol: /^rediss?$/ }).optional(), {
    without: 'the database',
    description: 'Redis for the job queue.',
  }),
  ...QUOTA_VARIABLES,
  ...LIMIT_VARIABLES,
  OTEL_EXPORTER_OTLP_ENDPOINT: setting(z.url({ protocol: /^https?$/ }).optional(), {
    without: 'no traces',
    description:
      'OpenTelemetry collector (OTLP over HTTP), such as `http://127.0.0.1:4318`. See [observability.md](observability.md).',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: setting(z.string().optional(), {
    description: 'Headers for it, such as `x-api-key=…`; several separated by commas.',
  }),
  OTEL_SERVICE_NAME: setting(z.string().optional(), {
    without: '`labmesh-<process>`',
    description: 'The process’s name in traces.',
  }),
  OTEL_TRACES_SAMPLER_ARG: setting(z.coerce.number().min(0).max(1).optional(), {
    without: '`1`',
    description: 'Share of the traces begun here that are recorded.',
  }),
});

function isHost(text: string): boolean {
  return /^[^\s/?#@\\]+$/.test(text) && URL.canParse(`http://${bracketed(text)}`);
}

/** What the bus can read; whether a server is there shows later. */
function isBrokerList(text: string): boolean {
  return text
    .split(',')
    .map((address) => (address.includes('://') ? address.trim() : `nats://${address.trim()}`))
    .every((url) => /^(?:nats|tls):\/\/[^/?#]/i.test(url) && URL.canParse(url) && !/%(?![\da-f]{2})/i.test(url));
}

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
  /** Proves to NATS who this process is; read from a file, as it is a secret. */
  readonly natsSeed?: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly blobsUrl?: string;
  readonly fileQuotas: FileQuotas;
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
  const set = readSettings(PROCESS_SETTINGS, env);
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
    ...(set.NATS_NKEY_FILE === undefined ? {} : { natsSeed: readSeed(set.NATS_NKEY_FILE) }),
    ...(set.DATABASE_URL === undefined ? {} : { databaseUrl: set.DATABASE_URL }),
    ...(set.REDIS_URL === undefined ? {} : { redisUrl: set.REDIS_URL }),
    ...(set.BLOBS_URL === undefined ? {} : { blobsUrl: set.BLOBS_URL }),
    fileQuotas: set.LABMESH_FILE_QUOTA ?? DEFAULT_QUOTAS,
    logLevel: set.LABMESH_LOG_LEVEL ?? defaults.logLevel ?? 'info',
    ...tracingOf(set),
    version: VERSION,
    limits: limitSettings(set),
    drain: drainSettings(set, set.NATS_URL !== undefined),
  });
}

/** Where a process called `name` keeps its embedded database; the lab's has no name of its own. */
export const databaseFolder = ({ home }: Pick<LabConfig, 'home'>, name: string): string =>
  join(home, name === 'lab' ? 'pg' : `pg-${name}`);

/** Where bytes are kept when no setting names another place. */
export const blobsFolder = ({ home }: Pick<LabConfig, 'home'>): string => join(home, 'blobs');

/** What to say at the start when processes of a mesh may each have a folder of their own for bytes: then replicas disagree. */
export function folderWarning({
  natsUrl,
  blobsUrl,
  home,
}: Pick<LabConfig, 'natsUrl' | 'blobsUrl' | 'home'>): string | undefined {
  if (natsUrl === undefined || blobsUrl?.startsWith('s3:') === true) return undefined;
  const remedy = 'On more than one machine, or in pods, set BLOBS_URL=s3://bucket/prefix (docs/mesh.md).';
  return blobsUrl === undefined
    ? `This process of a mesh keeps files in a folder of its own, ${blobsFolder({ home })}, where no other process finds them: set BLOBS_URL to the same place for all. ${remedy}`
    : `This mesh keeps files in the folder ${blobsUrl}, which every one of its processes must see. ${remedy}`;
}

function tracingOf(set: z.infer<typeof PROCESS_SETTINGS>): { tracing?: TracingConfig } {
  const endpoint = set.OTEL_EXPORTER_OTLP_ENDPOINT;
  // Without any, Node need not load its client for HTTP, of which `Headers` is a part.
  const list = set.OTEL_EXPORTER_OTLP_HEADERS ?? '';
  const headers = list === '' ? {} : headersOf(list);
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

/** Never says what is in the file. */
function readSeed(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read NATS_NKEY_FILE ${file}: ${(cause as Error).message}`, { cause });
  }
  if (/^SU[A-Z2-7]{56}$/.test(text)) return text;
  throw new AppError(
    'invalid_input',
    `Cannot use NATS_NKEY_FILE ${file}: it must hold the seed of a NATS user, which begins with SU. "npx @labmesh/cli mesh init" makes one.`,
  );
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
