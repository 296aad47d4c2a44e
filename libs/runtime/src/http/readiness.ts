// Answers whether this process can do its work right now: each check asks the real thing, within two seconds.
import type { Blobs } from '@labmesh/blobs';
import type { Bus } from '@labmesh/bus';
import { describeSubject, sentinel } from '@labmesh/contracts';
import type { Database } from '@labmesh/db';

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, 'ok' | string>>;
}

const CHECK_MS = 2_000;

export async function readiness(services: {
  bus: Bus;
  database?: Database | undefined;
  blobs?: Blobs | undefined;
}): Promise<Readiness> {
  const checks: Record<string, Promise<unknown>> = {
    bus: services.bus.ping(),
    // Without Sentinel nobody can be let in.
    sentinel: sentinelAnswers(services.bus),
    ...(services.database === undefined ? {} : { database: services.database.ping() }),
    ...(services.blobs === undefined ? {} : { blobs: services.blobs.ping() }),
  };
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => [name, await verdict(check)] as const),
  );
  return { ready: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) };
}

async function sentinelAnswers(bus: Bus): Promise<void> {
  const replies = await bus.scatter(describeSubject(sentinel.name), {}, { headers: {}, windowMs: 1_000, expected: 1 });
  if (replies.length === 0) throw new Error('does not answer');
}

async function verdict(check: Promise<unknown>): Promise<string> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve('did not answer within 2 s'), CHECK_MS);
  });
  try {
    return await Promise.race([check.then(() => 'ok'), late]);
  } catch (error) {
    return error instanceof Error ? error.message : 'failed';
  } finally {
    clearTimeout(timer);
  }
}
