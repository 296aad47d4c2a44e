// Where the servers of a mesh are: as given, else as the folder has it from before, else on this machine.
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';
import { DEFAULT_URL } from '../config.js';
import type { MeshFolder } from './mesh-folder.js';

const FILE = 'mesh.json';

export interface Addresses {
  readonly natsUrl: string;
  readonly databaseUrl: string;
  readonly redisUrl: string;
  /** The place for bytes; left out, the folder `blobs` in this one. */
  readonly blobsUrl?: string | undefined;
  readonly publicUrl: string;
  /** Begins the names of the PostgreSQL roles. */
  readonly rolePrefix: string;
  /** The folder as the processes will see it, where that is another path than here: in a container, say. */
  readonly folderAt?: string | undefined;
}

export type GivenAddresses = { readonly [K in keyof Addresses]?: Addresses[K] | undefined };

const url = (protocol: RegExp) => z.url({ protocol });
const Addresses = z.object({
  natsUrl: z.string().min(1),
  databaseUrl: url(/^postgres(ql)?$/),
  redisUrl: url(/^rediss?$/),
  blobsUrl: z
    .string()
    .regex(/^(s3:\/\/[^/?#]|file:\/\/\/)/, 'looks like s3://bucket/prefix or file:///folder')
    .optional(),
  publicUrl: url(/^https?$/),
  rolePrefix: z.string().regex(/^[a-z][a-z0-9_]{0,39}$/, 'small letters, digits and _, at most 40'),
  folderAt: z.string().startsWith('/').optional(),
}) satisfies z.ZodType<Addresses>;

const DEFAULTS: Addresses = {
  natsUrl: 'nats://127.0.0.1:4222',
  databaseUrl: 'postgresql://127.0.0.1:5432/labmesh',
  redisUrl: 'redis://127.0.0.1:6379',
  publicUrl: DEFAULT_URL,
  rolePrefix: 'labmesh',
};

/** Users and passwords in the addresses are left out: each process has its own. @throws AppError invalid_input */
export function addressesOf(folder: MeshFolder, given: GivenAddresses): Addresses {
  const known = knownAddresses(folder) ?? {};
  const told = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const parsed = Addresses.safeParse({ ...DEFAULTS, ...known, ...told });
  if (!parsed.success)
    throw new AppError('invalid_input', `Cannot use these addresses: ${z.prettifyError(parsed.error)}`);
  const { natsUrl, databaseUrl, redisUrl, ...rest } = parsed.data;
  return {
    ...rest,
    natsUrl: natsUrl
      .split(',')
      .map((one) => one.trim().replace(/^(nats:\/\/)?([^@/]*@)?/, 'nats://'))
      .join(','),
    databaseUrl: withUser(databaseUrl, '', ''),
    redisUrl: withUser(redisUrl, '', ''),
  };
}

export function keepAddresses(folder: MeshFolder, addresses: Addresses): void {
  folder.write(FILE, `${JSON.stringify(addresses, null, 2)}\n`, { secret: false });
}

/** Undefined where there is no mesh yet. */
export function knownAddresses(folder: MeshFolder): Partial<Addresses> | undefined {
  const text = folder.read(FILE);
  if (text === undefined) return undefined;
  try {
    return Addresses.partial().parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${folder.file(FILE)}: it is not what was written there.`, {
      cause,
    });
  }
}

export function withUser(address: string, user: string, password: string): string {
  const parsed = new URL(address);
  parsed.username = user;
  parsed.password = password;
  return parsed.href;
}
