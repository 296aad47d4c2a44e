// What a schema cannot say of a job, and whether any node of the lab could run it. Refuses; changes nothing.
import { AppError, type JobSpec } from '@labmesh/contracts';
import { lacking, type NodeSize, needsOf } from '@labmesh/jobs';

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
  if (checkpoints !== undefined && spec.files.some(({ path }) => path === checkpoints))
    refuse(`${checkpoints} is a file; checkpoints is a folder.`);
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
