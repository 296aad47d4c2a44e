// Compose files: services, their ports, and what Compose would refuse.
import { z } from 'zod';
import type { Step } from '../project/document.js';
import type { Project, TextFile } from '../project/project.js';
import { withDefaults } from '../project/settings-of.js';
import type { Found } from '../rule.js';
import { shapeRule } from './shape.js';

export const COMPOSE = /(^|\/)(docker-)?compose(\.[\w-]+)?\.ya?ml$/;

export type Service = Readonly<Record<string, unknown>>;

export interface ServicePlace {
  readonly file: TextFile;
  readonly name: string;
  readonly value: Service;
  readonly path: readonly Step[];
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const composeServices = (project: Project): ServicePlace[] =>
  project.named(COMPOSE).flatMap((file) => {
    const services = isObject(file.document?.value) ? file.document.value.services : undefined;
    return Object.entries(isObject(services) ? services : {}).flatMap(([name, value]) =>
      isObject(value) ? [{ file, name, value, path: ['services', name] }] : [],
    );
  });

export interface PublishedPort {
  readonly host?: number;
  readonly container?: number;
  readonly address: string;
  readonly line: number;
}

const SHORT = /^(?:(?<address>\[[^\]]*\]|[^:]*):)??(?:(?<host>\d+)(?:-\d+)?:)?(?<container>\d+)(?:-\d+)?(?:\/\w+)?$/;

/** Of a service; what hangs on a variable without a default is left out. */
export function portsOf(file: TextFile, service: Service, path: readonly Step[]): PublishedPort[] {
  const { ports } = service;
  if (!Array.isArray(ports)) return [];
  return ports.flatMap((port: unknown, index) => {
    const line = file.document?.lineOf([...path, 'ports', index]) ?? 1;
    const found = isObject(port) ? ofLong(port) : ofShort(withDefaults(String(port)) ?? '');
    return found === undefined ? [] : [{ ...found, line }];
  });
}
function ofShort(text: string): Omit<PublishedPort, 'line'> | undefined {
  const { address = '', host, container } = SHORT.exec(text)?.groups ?? {};
  if (container === undefined) return undefined;
  return { address, container: Number(container), ...(host === undefined ? {} : { host: Number(host) }) };
}
function ofLong({ target, published, host_ip }: Readonly<Record<string, unknown>>): Omit<PublishedPort, 'line'> {
  const host = Number(withDefaults(String(published ?? '')) || Number.NaN);
  return {
    address: typeof host_ip === 'string' ? host_ip : '',
    ...(Number.isInteger(Number(target)) ? { container: Number(target) } : {}),
    ...(Number.isInteger(host) ? { host } : {}),
  };
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], 'must be a text or a number');
const environment = z
  .union([z.record(z.string(), scalar), z.array(z.string())], 'must be NAME: value, or a list of NAME=value')
  .optional();
const Port = z.union(
  [
    z.number().int(),
    z.string().refine((text) => withDefaults(text) === undefined || SHORT.test(withDefaults(text) ?? ''), 'no port'),
    z.looseObject({ target: z.union([z.number(), z.string()]) }),
  ],
  'must be such as "127.0.0.1:8080:80"',
);
const Service = z
  .looseObject(
    {
      image: z.string('must be a text').optional(),
      build: z.union([z.string(), z.looseObject({})], 'must be a folder, or an object').optional(),
      ports: z.array(Port, 'must be a list').optional(),
      environment,
      volumes: z.array(z.union([z.string(), z.looseObject({ type: z.string() })]), 'must be a list').optional(),
      depends_on: z.union([z.array(z.string()), z.record(z.string(), z.unknown())], 'must name services').optional(),
      restart: z
        .string('must be a text')
        .regex(/^(no|always|unless-stopped|on-failure(:\d+)?)$/, 'must be no, always, on-failure or unless-stopped')
        .optional(),
    },
    'must be an object',
  )
  .refine((service) => 'image' in service || 'build' in service || 'extends' in service || 'provider' in service, {
    error: 'needs an image, or what it is built from',
  });

const Compose = z.looseObject(
  {
    services: z.record(z.string(), Service, 'must be an object of services').optional(),
    volumes: z.record(z.string(), z.unknown(), 'must be an object').nullable().optional(),
    networks: z.record(z.string(), z.unknown(), 'must be an object').nullable().optional(),
  },
  'must be an object',
);

/** Services and named volumes that are used and not there. */
function* missing(file: TextFile): Generator<Found> {
  const { services, volumes } = (file.document?.value ?? {}) as Readonly<Record<string, unknown>>;
  if (!isObject(services)) return;
  const remedy = 'Add it, or correct the name.';
  for (const [name, service] of Object.entries(services)) {
    if (!isObject(service)) continue;
    const wanted = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
    for (const other of wanted)
      if (!(String(other) in services))
        yield {
          path: file.path,
          line: file.document?.lineOf(['services', name, 'depends_on']) ?? 1,
          message: `${name} depends on ${other}, which is no service here.`,
          remedy,
        };
    for (const [index, volume] of (Array.isArray(service.volumes) ? service.volumes : []).entries()) {
      const [, used] = /^([A-Za-z0-9][\w.-]*):/.exec(String(volume)) ?? [];
      if (used !== undefined && used.length > 1 && !(isObject(volumes) && used in volumes))
        yield {
          path: file.path,
          line: file.document?.lineOf(['services', name, 'volumes', index]) ?? 1,
          message: `${name} uses the volume ${used}, which volumes does not name.`,
          remedy,
        };
    }
  }
}

export const compose = shapeRule({
  id: 'compose',
  title: 'A compose file is not as Compose wants it, or names a service or volume that is not there',
  files: COMPOSE,
  schema: Compose,
  see: 'https://docs.docker.com/reference/compose-file/',
  more: (file) => missing(file),
});
