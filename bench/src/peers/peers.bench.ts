// The no-op tool through LabMesh and through other gateways, under the same load in one run. Downloads them: never in CI.
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { answers, Child, freePort, temporaryFolder } from '@labmesh/testing';
import { type Measured, measure, type Server } from '../gateway/measure.js';
import { bareMeasured, startBare, withLab } from '../gateway/setups.js';
import { MeasuredChild } from '../measured-child.js';
import { type BenchResult, result, round } from '../report.js';
import { PEERS, type Peer, type Place } from './peers.js';
import { usageOfTree } from './process-tree.js';

/** The slowest makes a database first. */
const START_MS = 90_000;
/** One that answers wrongly or not at all must not hold the others. */
const MEASURE_MS = 60_000;

async function within<T>(boundMs: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no result within ${boundMs / 1_000} s`)), boundMs);
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

async function measurePeer(peer: Peer, place: Place, bare: Server): Promise<Measured> {
  const bin = await peer.install(place.folder);
  const { command, args, env } = peer.start(bin, place);
  await using child = new Child({ command, args, cwd: place.folder, env: { HOME: place.folder, ...env } });
  await child.until(() => answers(place.port), START_MS);
  await peer.prepare?.(place);
  const { name, path, wire } = peer;
  const pid = child.pid ?? 0;
  const tree = { usage: () => Promise.resolve(usageOfTree(pid)) };
  return await within(MEASURE_MS, measure({ name, port: place.port, path, wire, processes: [tree] }, bare));
}

export async function peersBench(): Promise<BenchResult> {
  const notes: string[] = [];
  const home = await temporaryFolder('bench-peers');
  const upstream = await MeasuredChild.start<{ port: number }>(new URL('../gateway/sdk-v2-server.js', import.meta.url));
  const bare = await startBare();
  try {
    const name = 'LabMesh: gateway, agent and Sentinel in one process';
    const all = [
      await bareMeasured(bare),
      await withLab((lab) => measure({ name, ...lab.ready, processes: [lab] }, bare)),
    ];
    for (const [at, peer] of PEERS.entries()) {
      const folder = join(home, String(at));
      await mkdir(folder);
      const place = { folder, port: await freePort(), upstream: `http://127.0.0.1:${upstream.ready.port}/mcp` };
      try {
        all.push(await measurePeer(peer, place, bare));
      } catch (error) {
        notes.push(`${peer.name} not measured: ${(error as Error).message.replaceAll('\n', ' ').slice(0, 300)}`);
      }
    }
    const figures = all.map(({ figure, cpuMicros: [micros = Number.NaN], bareMicros }) => ({
      ...figure,
      values: {
        ...figure.values,
        'c32 CPU us/req': round(micros),
        'x bare CPU': round(micros / bareMicros),
      },
    }));
    return result('peers', figures, [], notes);
  } finally {
    await bare.stop();
    await upstream.stop();
    await rm(home, { recursive: true, force: true });
  }
}
