// What it costs to start a project: the whole call of instantiate_template for the largest vial, through the lab as `npm start` runs
// it, beside a bare program that writes the same files and brings them to the disk.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type ProjectFile, unpackArchive } from '@labmesh/projects';
import { connectLab, freePort, type LabClient, temporaryFolder } from '@labmesh/testing';
import { readFileSync } from 'node:fs';
import { atMost, type BenchResult, type Figure, result, round } from '../report.js';
import { startedBy } from '../start/timed-process.js';
import { quantile, timed } from '../timed.js';

const START = fileURLToPath(new URL('../../../tools/start.mjs', import.meta.url));
const PLACES = ['archive', 'folder'] as const;
const CALLS = 40;
/** The first ones make folders, connections and compiled code. */
const WARM = 5;
const P50_MAX_MS = 300;

interface Template {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
}

interface Made {
  readonly project: { readonly projectId: string; readonly archive: { readonly uri: string } | null };
}

export async function projectsBench(): Promise<BenchResult> {
  const home = await temporaryFolder('bench-projects');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const lab = await startedBy('LabMesh is ready', [START], { PORT: String(port), LABMESH_HOME: home });
  const load = loadavg()[0] ?? Number.NaN;
  try {
    const token = readFileSync(join(home, 'operator.token'), 'utf8').trim();
    await using client = await connectLab({ url: `${url}/mcp`, token });
    const largest = await largestOf(client);
    const times = new Map<string, number[]>();
    for (const place of PLACES) times.set(place, await callTimes(client, largest.name, place));
    const bare = await bareTimes(await filesOf({ client, token }, largest.name), join(home, 'bare'));
    const figures = [
      figure(`bare: ${largest.files} files written and brought to the disk`, bare, bare),
      ...PLACES.map((place) => figure(`instantiate_template, ${largest.name}, ${place}`, times.get(place) ?? [], bare)),
    ];
    const floors = PLACES.map((place) =>
      atMost(`ms of a call, p50, ${place}`, round(quantile(times.get(place) ?? [], 0.5) / 1_000), P50_MAX_MS),
    );
    const notes = [
      `${largest.name}: ${largest.files} files, ${round(largest.bytes / 1_024)} KiB. Load of the machine when it began: ${round(load)} on ${cpus().length} cores.`,
    ];
    return result('projects', figures, floors, notes);
  } finally {
    await lab.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function largestOf(client: LabClient): Promise<Template> {
  const { templates } = await client.call<{ templates: Template[] }>('architect_list_available_templates');
  const [largest] = templates.toSorted((one, other) => other.bytes - one.bytes);
  if (largest === undefined) throw new Error('the lab has no template');
  return largest;
}

const named = (): string => `bench-${randomUUID().slice(0, 13)}`;

/** Microseconds of each call, sorted. What it made is deleted again, outside of what is measured. */
async function callTimes(client: LabClient, template: string, place: string): Promise<number[]> {
  const made: string[] = [];
  const make = async (): Promise<void> => {
    const { project } = await client.call<Made>('architect_instantiate_template', { template, name: named(), place });
    made.push(project.projectId);
  };
  for (let at = 0; at < WARM; at += 1) await make();
  const times = await timed(CALLS, make);
  for (const projectId of made) await client.call('architect_delete_project', { projectId });
  return times;
}

async function filesOf(
  { client, token }: { client: LabClient; token: string },
  template: string,
): Promise<ProjectFile[]> {
  const asked = { template, name: named(), place: 'archive' };
  const { project } = await client.call<Made>('architect_instantiate_template', asked);
  const answer = await fetch(project.archive?.uri ?? '', { headers: { authorization: `Bearer ${token}` } });
  return unpackArchive([Buffer.from(await answer.arrayBuffer())]);
}

/** The least that a project on a disk needs: each file written and synced, one after the other. */
const bareTimes = (files: readonly ProjectFile[], below: string): Promise<number[]> =>
  timed(CALLS, async (at) => {
    for (const { path, bytes } of files) {
      const place = join(below, String(at), path);
      await mkdir(dirname(place), { recursive: true });
      const handle = await open(place, 'wx');
      await handle.writeFile(bytes);
      await handle.sync();
      await handle.close();
    }
  });

function figure(name: string, times: readonly number[], bare: readonly number[]): Figure {
  const [p50, p99] = [quantile(times, 0.5) / 1_000, quantile(times, 0.99) / 1_000];
  return {
    case: name,
    values: {
      calls: times.length,
      'p50 ms': round(p50),
      'p99 ms': round(p99),
      'x bare': round(p50 / (quantile(bare, 0.5) / 1_000)),
    },
  };
}
