// The container engine that speaks Docker's API: how it is reached, what it is, and its errors in the lab's words.
import { Agent } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '@labmesh/contracts';
import Docker from 'dockerode';

/** Longer than a busy engine takes for anything but waiting and pulling. */
const ANSWER_MS = 60_000;

/** What an engine says of itself and its machine. */
export interface EngineFacts {
  readonly version: string;
  readonly podman: boolean;
  /** Its user is not root: the user who is root inside is the worker's own outside. */
  readonly rootless: boolean;
  /** It lets the worker name a control group that the worker itself can make, of version 1. */
  readonly ownCgroups: boolean;
  readonly memory: boolean;
  readonly cpus: boolean;
  readonly processes: boolean;
}

export interface Engine {
  /** Answers soon or fails. */
  readonly quick: Docker;
  /** For what takes its time: waiting, pulling. */
  readonly patient: Docker;
}

export function reach(engine: string): Engine {
  // An engine closes idle connections when it likes: none is used twice.
  const common = { ...address(engine), agent: new Agent({ keepAlive: false }) };
  return { quick: new Docker({ ...common, timeout: ANSWER_MS }), patient: new Docker(common) };
}

function address(engine: string): { socketPath: string } | { protocol: 'http'; host: string; port: number } {
  if (engine.startsWith('/')) return { socketPath: engine };
  const { hostname, port } = new URL(engine);
  return { protocol: 'http', host: hostname, port: Number(port) };
}

interface Info {
  readonly CgroupDriver?: string;
  readonly CgroupVersion?: string;
  readonly SecurityOptions?: readonly string[] | null;
  readonly MemoryLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly PidsLimit?: boolean;
}

/** @throws AppError unavailable */
export async function factsOf({ quick }: Engine, where: string): Promise<EngineFacts> {
  try {
    const [version, info] = [await quick.version(), (await quick.info()) as Info];
    const local = where.startsWith('/');
    return {
      version: version.Version,
      podman: (version.Components ?? []).some(({ Name }) => Name.startsWith('Podman')),
      rootless: (info.SecurityOptions ?? []).includes('name=rootless'),
      ownCgroups: local && info.CgroupDriver === 'cgroupfs' && info.CgroupVersion !== '2' && process.getuid?.() === 0,
      memory: info.MemoryLimit === true,
      cpus: info.CpuCfsQuota === true,
      processes: info.PidsLimit === true,
    };
  } catch (cause) {
    throw unreachable(where, cause);
  }
}

/** The client waits for ever for an answer that breaks off: this does not. */
export async function answered<T>(asked: Promise<T>): Promise<T> {
  const over = new AbortController();
  const silence = pause(ANSWER_MS, undefined, { signal: over.signal }).then(() => {
    throw new Error(`no answer within ${ANSWER_MS / 1_000} s`);
  });
  try {
    return await Promise.race([asked, silence]);
  } finally {
    over.abort();
    silence.catch(() => undefined);
  }
}

export const statusOf = (cause: unknown): number | undefined =>
  cause instanceof Error && 'statusCode' in cause ? Number(cause.statusCode) : undefined;

const unreachable = (where: string, cause: unknown): AppError =>
  new AppError(
    'unavailable',
    `The container engine at ${where} does not answer. Start it (systemctl start podman.socket, or docker), let the worker’s user use it, or give its socket in LABMESH_WORKER_CONTAINER_ENGINE.`,
    { cause },
  );

/** The engine's own words without the wrapping of its client. */
export function saidBy(cause: unknown): string {
  const message = cause instanceof Error ? cause.message : String(cause);
  return message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim();
}
