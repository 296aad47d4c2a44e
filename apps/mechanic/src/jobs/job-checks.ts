// What a schema cannot say of a job, and whether any node of the lab could run it. Refuses; changes nothing.
import { AppError, type JobSpec, type Role } from '@labmesh/contracts';
import { emptyRoom, fit, type Load, lacking, type NodeSize, needsOf } from '@labmesh/jobs';
import { type GangMate, gangOfAnotherSize } from './gangs.repository.js';
import type { JobQuotas } from './quota-setting.js';

const refuse = (why: string): never => {
  throw new AppError('invalid_input', `Cannot submit the job: ${why}`);
};

/** Executors that run what is in an image. */
const WITH_IMAGE: ReadonlySet<string> = new Set(['container', 'kubernetes']);

/** @throws AppError invalid_input */
export function refuseSpec(spec: JobSpec): void {
  const { command, script, arguments: given, executor, image, requirements, checkpoints, after } = spec;
  if ((command === undefined) === (script === undefined)) refuse('give command or script, one of the two.');
  if (script === undefined && given.length > 0) refuse('arguments belong to a script; a command has them in itself.');
  if (WITH_IMAGE.has(executor) && image === undefined) refuse(`the executor ${executor} needs an image.`);
  if (!WITH_IMAGE.has(executor) && image !== undefined)
    refuse(`the executor ${executor} runs no images: say executor container, or leave image out.`);
  if (image !== undefined && requirements !== undefined)
    refuse('an image has its own packages: leave requirements out, or image.');
  refusePaths(spec.files.map(({ path }) => path));
  const inTheWay = spec.files.find(({ path }) => checkpoints === path || checkpoints?.startsWith(`${path}/`));
  if (inTheWay !== undefined) refuse(`${inTheWay.path} is a file; checkpoints is a folder.`);
  const twice = after.find(({ jobId }, at) => after.findIndex((one) => one.jobId === jobId) !== at);
  if (twice !== undefined) refuse(`after names ${twice.jobId} twice.`);
}

function refusePaths(paths: readonly string[]): void {
  const all = new Set<string>();
  for (const path of paths) {
    if (all.has(path)) refuse(`two files are to go to ${path}.`);
    all.add(path);
  }
  for (const path of paths) {
    const parts = path.split('/');
    for (let length = 1; length < parts.length; length++) {
      const folder = parts.slice(0, length).join('/');
      if (all.has(folder)) refuse(`${folder} would be a file, and a folder with ${path} in it.`);
    }
  }
}

/** A job that could run nowhere, ever, is refused, with the one thing that is missing. Where no node is known nothing is. */
export function refuseImpossible(spec: JobSpec, nodes: readonly NodeSize[]): void {
  if (nodes.length === 0) return;
  const needs = needsOf(spec);
  const withExecutor = nodes.filter(({ executors }) => executors.some(({ kind }) => kind === spec.executor));
  if (withExecutor.length === 0) {
    const kinds = [...new Set(nodes.flatMap(({ executors }) => executors.map(({ kind }) => kind)))].sort();
    refuse(`no node has the executor ${spec.executor}; there are ${kinds.join(', ') || 'none'}.`);
  }
  const lacks = withExecutor.map(({ id, executors }) => ({
    id,
    lacks: executors.filter(({ kind }) => kind === spec.executor).map((report) => lacking(report, needs)),
  }));
  const able = withExecutor.filter((_, at) => lacks[at]?.lacks.includes(undefined));
  if (able.length === 0) refuse(`${lacks[0]?.id ?? 'the node'} would run it, but ${lacks[0]?.lacks[0] ?? 'cannot'}.`);
  const { cpus, memoryMb, gpus } = spec.resources;
  const fits = able.some((node) => node.cpuMilli >= cpus * 1_000 && node.memoryMb >= memoryMb && node.gpus >= gpus);
  if (fits) return;
  const most = (of: (node: NodeSize) => number): number => Math.max(...able.map(of));
  refuse(
    `no node has ${cpus} CPUs, ${memoryMb} MB of memory and ${gpus} GPUs together; the most are ${most((node) => node.cpuMilli) / 1_000} CPUs, ${most((node) => node.memoryMb)} MB and ${most((node) => node.gpus)} GPUs.`,
  );
}

/** What it takes of a node. */
export const loadOf = (spec: Pick<JobSpec, 'executor' | 'network' | 'resources'>): Load => ({
  ...needsOf(spec),
  cpuMilli: Math.round(spec.resources.cpus * 1_000),
  memoryMb: spec.resources.memoryMb,
  gpus: spec.resources.gpus,
});

/**
 * A gang that could never begin is refused: one of two sizes, or one that all nodes together could not hold if nothing ran there.
 * Those of its jobs that are not there yet are taken to be like this one. @param mates its jobs that have not ended, the oldest first
 */
export function refuseGang(
  spec: JobSpec,
  { mates, nodes }: { readonly mates: readonly GangMate[]; readonly nodes: readonly NodeSize[] },
): void {
  const { gang } = spec;
  if (gang === undefined) return;
  const other = mates.find(({ size }) => size !== gang.size);
  if (other !== undefined) throw gangOfAnotherSize(gang, other);
  if (nodes.length === 0) return;
  const { before, like } = gangOf(spec, gang.size, mates);
  const rooms = nodes.map(emptyRoom);
  if (fit([...before, ...like], rooms) !== undefined) return;
  const most = like.findLastIndex((_, at) => fit([...before, ...like.slice(0, at + 1)], rooms) !== undefined) + 1;
  refuse(
    `its gang ${gang.name} of ${gang.size} jobs needs more than all nodes have together: they hold ${before.length + most} of them. Ask for less or for a smaller gang, or submit its smaller jobs first: those that are not there yet are taken to be like this one.`,
  );
}

/** Those of the gang that are there, and as many like this one as it has places left, each with what it takes of a node. */
function gangOf(spec: JobSpec, size: number, mates: readonly GangMate[]): { before: GangMate[]; like: Load[] } {
  const fresh = mates.filter(({ hasBegun }) => !hasBegun);
  // Under one name more than one gang may wait, each as large.
  const before = fresh.slice(fresh.length - (fresh.length % size));
  return { before, like: Array.from({ length: size - before.length }, () => loadOf(spec)) };
}

/**
 * What its role may not have at once would wait for ever, however empty the lab is: a job's own resources, or those of its gang, which
 * begins together. @throws AppError quota_exceeded
 */
export function refuseBeyondQuota(
  spec: JobSpec,
  { role, quotas, mates }: { readonly role: Role; readonly quotas: JobQuotas; readonly mates: readonly GangMate[] },
): void {
  const { running, cpus, gpus } = quotas[role] ?? {};
  const { before, like } = gangOf(spec, spec.gang?.size ?? 1, mates);
  const loads = [...before, ...like];
  const sum = (of: (load: Load) => number): number => loads.reduce((all, load) => all + of(load), 0);
  const wanted = [
    [running, loads.length, 'jobs'],
    [cpus, sum((load) => load.cpuMilli) / 1_000, 'CPUs'],
    [gpus, sum((load) => load.gpus), 'GPUs'],
  ] as const;
  const over = wanted.find(([most, wants]) => most !== undefined && wants > most);
  if (over === undefined) return;
  const [most, wants, what] = over;
  const who = spec.gang === undefined ? 'it' : `its gang ${spec.gang.name}, which begins together,`;
  throw new AppError(
    'quota_exceeded',
    `Cannot submit the job: ${who} needs ${wants} ${what} at once, and a wallet of the role ${role} may have ${most}. Ask for less, or the operator for more (LABMESH_JOB_QUOTA).`,
  );
}
