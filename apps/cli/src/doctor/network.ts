// Who answers where: the gateway's port and whose it is, the servers of a mesh by a plain connection. No credential leaves here.
import { connect } from 'node:net';
import type { ServerAddresses } from '../config.js';
import { isLoopback } from '../lab/operator-token.js';
import { type Check, error, type Finding, ok, skipped, warning } from './checks.js';
import { ownerOfPort } from './port-owner.js';

const CONNECT_MS = 2_000;
/** As the lab itself gives its servers' addresses. */
const PORTS: Readonly<Record<string, number>> = {
  'nats:': 4222,
  'tls:': 4222,
  'postgresql:': 5432,
  'postgres:': 5432,
  'redis:': 6379,
  'rediss:': 6379,
};

export interface Greeting {
  readonly status: number;
  /** By the lab's clock, Unix milliseconds; undefined where it does not say. */
  readonly date: number | undefined;
  /** It is a lab that answered. */
  readonly lab: boolean;
}

/** Undefined when nobody answers in time. */
export async function greeted(url: string, signal: AbortSignal): Promise<Greeting | undefined> {
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS * 2)]);
    const answer = await fetch(`${url}/.well-known/jwks.json`, { signal: both });
    const { keys } = (await answer.json().catch(() => ({}))) as { keys?: unknown };
    const date = Date.parse(answer.headers.get('date') ?? '');
    return {
      status: answer.status,
      date: Number.isNaN(date) ? undefined : date,
      lab: answer.ok && Array.isArray(keys),
    };
  } catch {
    return undefined;
  }
}

const SKEW_MOST_MS = 30_000;

/** The gateway, whose port it has, and its clock. */
export const gateway: Check = async ({ url, signal }) => {
  const greeting = await greeted(url, signal);
  if (greeting === undefined) return [await portOf(url)];
  if (!greeting.lab)
    return [
      error(
        'gateway',
        `What answers at ${url} is not a lab (HTTP ${greeting.status})${await whose(url)}.`,
        'Set LABMESH_URL, or start the lab on another port: PORT=3001 npm start.',
      ),
    ];
  return [ok('gateway', `a lab answers at ${url}`), clockOf(greeting)];
};

function clockOf({ date }: Greeting): Finding {
  if (date === undefined) return skipped('clock', 'the lab does not say its time');
  // The header has whole seconds.
  const skew = date - Date.now();
  const seconds = Math.round(Math.abs(skew) / 1_000);
  return Math.abs(skew) <= SKEW_MOST_MS
    ? ok('clock', `within ${Math.max(1, seconds)} s of the lab’s`)
    : error(
        'clock',
        `This machine’s clock is ${seconds} s ${skew > 0 ? 'behind' : 'ahead of'} the lab’s.`,
        'Set it by NTP (timedatectl set-ntp true): tokens end by the clock.',
      );
}

async function portOf(url: string): Promise<Finding> {
  const { hostname, port, protocol } = new URL(url);
  if (!isLoopback(hostname))
    return error('gateway', `Nobody answers at ${url}.`, 'Look at the address (LABMESH_URL, --url) and the network.');
  const number = Number(port || (protocol === 'https:' ? 443 : 80));
  const taken = await connects(hostname.replace(/^\[|\]$/g, ''), number);
  return taken
    ? error(
        'gateway',
        `Port ${number} is taken and does not speak HTTP${await whose(url)}.`,
        'End that program, or start the lab on another port: PORT=3001 npm start.',
      )
    : warning(
        'gateway',
        `No lab runs at ${url}; port ${number} is free.`,
        'Start one: npm start, or npx @labmesh/cli up for a mesh.',
      );
}

async function whose(url: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const owner = isLoopback(hostname) && port !== '' ? await ownerOfPort(Number(port)) : undefined;
  return owner === undefined ? '' : `, but process ${owner.pid} (${owner.name})`;
}

/** The servers that are set for a mesh; for who may not ask the lab how it is. */
export async function servers(addresses: ServerAddresses): Promise<Finding[]> {
  const parts = [
    ['bus', addresses.natsUrl, 'NATS_URL'],
    ['database', addresses.databaseUrl, 'DATABASE_URL'],
    ['queue', addresses.redisUrl, 'REDIS_URL'],
  ] as const;
  return Promise.all(
    parts.map(async ([check, url, variable]) => {
      if (url === undefined) return ok(check, 'embedded in the lab');
      if (!URL.canParse(url))
        return error(check, `${variable} is no address.`, `Set ${variable} as docs/settings.md has it.`);
      // The address may hold a password.
      const { hostname, port, protocol } = new URL(url);
      const number = Number(port || (PORTS[protocol] ?? 0));
      return (await connects(hostname.replace(/^\[|\]$/g, ''), number))
        ? ok(check, `answers at ${hostname}:${number}`)
        : error(
            check,
            `Nobody answers at ${hostname}:${number} (${variable}).`,
            'Start that server, or correct its address.',
          );
    }),
  );
}

const connects = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port, timeout: CONNECT_MS });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .once('connect', () => end(true))
      .once('error', () => end(false))
      .once('timeout', () => end(false));
  });
