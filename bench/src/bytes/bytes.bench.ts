// 2 GB up in one piece and down again through a lab's gateway, beside a bare server that writes and sends the same file; and what
// the lab's process takes for it in memory.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { connectLab, temporaryFolder } from '@labmesh/testing';
import { MeasuredChild } from '../measured-child.js';
import { atMost, type BenchResult, type Figure, result, round } from '../report.js';
import { cpuMs, residentMb } from '../start/timed-process.js';
import { median } from '../timed.js';
import { ask, peakMb } from './transfer.js';

const LAB = new URL('./keeper-server.js', import.meta.url);
const BARE = new URL('./bare-store.js', import.meta.url);
const BYTES = 2_000_000_000;
/** Neighbours on a machine come and go, and so does what a disk has to do: each in turns with the other. */
const TURNS = 3;
const SETTLE_MS = 3_000;

const OVER_IDLE_MAX_MB = 100;
const UP_MAX = 2.5;
/** What is read whole is hashed on its way, which the bare server does not do. */
const DOWN_MAX = 4;

interface Place {
  readonly port: number;
  readonly pid: number;
  readonly token?: string;
}

interface Way {
  readonly seconds: number;
  readonly cpuMs: number;
  readonly peakMb: number;
}

async function measured(pid: number, move: () => Promise<void>): Promise<Way> {
  const [began, before] = [performance.now(), cpuMs(pid)];
  const { mb } = await peakMb(pid, move);
  return { seconds: (performance.now() - began) / 1_000, cpuMs: cpuMs(pid) - before, peakMb: mb };
}

function must(status: number, wanted: number, what: string): void {
  if (status !== wanted) throw new Error(`${what} answered ${status}, not ${wanted}`);
}

async function throughBare({ port, pid }: Place): Promise<{ up: Way; down: Way }> {
  const up = await measured(pid, async () => {
    must((await ask({ port, method: 'POST', path: '/' }, BYTES)).status, 204, 'the bare server');
  });
  const down = await measured(pid, async () => {
    const { bytes } = await ask({ port, method: 'GET', path: '/' });
    if (bytes !== BYTES) throw new Error(`the bare server sent ${bytes} bytes`);
  });
  return { up, down };
}

async function throughLab({ port, pid, token = '' }: Place): Promise<{ up: Way; down: Way }> {
  const headers = { authorization: `Bearer ${token}`, 'tus-resumable': '1.0.0' };
  const begun = await ask({ port, method: 'POST', path: '/uploads', headers: { ...headers, 'upload-length': BYTES } });
  must(begun.status, 201, 'the beginning of an upload');
  const path = begun.headers.location ?? '';
  const piece = { ...headers, 'content-type': 'application/offset+octet-stream', 'upload-offset': 0 };
  const up = await measured(pid, async () => {
    must((await ask({ port, method: 'PATCH', path, headers: piece }, BYTES)).status, 204, 'the upload');
  });
  await using client = await connectLab({ url: `http://127.0.0.1:${port}/mcp`, token });
  const { link } = await client.call<{ link: { blobId: string } }>('keeper_keep', { uploadId: path.split('/').at(-1) });
  const down = await measured(pid, async () => {
    const { status, bytes } = await ask({ port, method: 'GET', path: `/blobs/${link.blobId}`, headers });
    must(status, 200, 'the download');
    if (bytes !== BYTES) throw new Error(`the lab sent ${bytes} bytes`);
  });
  return { up, down };
}

const figure = (name: string, ways: readonly Way[], beside: readonly Way[]): Figure => {
  const of = (which: (way: Way) => number, from = ways): number => median(from.map(which));
  return {
    case: name,
    values: {
      seconds: round(of(({ seconds }) => seconds)),
      'MB/s': round(BYTES / 1e6 / of(({ seconds }) => seconds)),
      x: round(of(({ seconds }) => seconds) / of(({ seconds }) => seconds, beside)),
      'CPU s': round(of((way) => way.cpuMs) / 1_000),
      'x CPU': round(of((way) => way.cpuMs) / of((way) => way.cpuMs, beside)),
      'peak MB': round(Math.max(...ways.map((way) => way.peakMb))),
    },
  };
};

export async function bytesBench(): Promise<BenchResult> {
  const folder = await temporaryFolder('bench-bytes');
  const bare = await MeasuredChild.start<Place>(BARE, { FILE: join(folder, 'bare') });
  const lab = await MeasuredChild.start<Place>(LAB, { LABMESH_HOME: join(folder, 'home'), PORT: '0' });
  try {
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const idle = { bare: residentMb(bare.ready.pid), lab: residentMb(lab.ready.pid) };
    const turns = { bare: [] as Array<{ up: Way; down: Way }>, lab: [] as Array<{ up: Way; down: Way }> };
    for (let turn = 0; turn < TURNS; turn++) {
      turns.bare.push(await throughBare(bare.ready));
      turns.lab.push(await throughLab(lab.ready));
    }
    const way = (who: 'bare' | 'lab', which: 'up' | 'down'): Way[] => turns[who].map((turn) => turn[which]);
    const figures = [
      figure('bare node:http, up', way('bare', 'up'), way('bare', 'up')),
      figure('lab, up in one piece', way('lab', 'up'), way('bare', 'up')),
      figure('bare node:http, down', way('bare', 'down'), way('bare', 'down')),
      figure('lab, down', way('lab', 'down'), way('bare', 'down')),
      { case: 'bare, idle', values: { 'peak MB': round(idle.bare) } },
      { case: 'lab, idle', values: { 'peak MB': round(idle.lab) } },
    ];
    const over = Math.max(...[...way('lab', 'up'), ...way('lab', 'down')].map((one) => one.peakMb)) - idle.lab;
    const slower = (which: 'up' | 'down'): number =>
      median(way('lab', which).map(({ seconds }) => seconds)) /
      median(way('bare', which).map(({ seconds }) => seconds));
    return result('bytes', figures, [
      atMost('memory over idle, MB', round(over), OVER_IDLE_MAX_MB),
      atMost('2 GB up, beside the bare server', round(slower('up')), UP_MAX),
      atMost('2 GB down, beside the bare server', round(slower('down')), DOWN_MAX),
    ]);
  } finally {
    await Promise.all([bare.stop(), lab.stop()]);
    await rm(folder, { recursive: true, force: true });
  }
}
