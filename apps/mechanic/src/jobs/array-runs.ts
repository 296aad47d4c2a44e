// A submission of many runs: how many there are, and what each has over the others. Refuses; changes nothing.
import { AppError, type JobSpec, type NewArray } from '@labmesh/contracts';
import type { ArrayToWrite } from './new-jobs.repository.js';

/** What the rows of all its runs may take: a program that is larger belongs into a file, which they share. */
const CHARACTERS_MAX = 64 * 1024 * 1024;
/** Of all runs together. */
const NAMED_MAX = 100_000;

/** @throws AppError invalid_input */
export function runsOf(array: NewArray, spec: JobSpec): ArrayToWrite {
  const { count = array.parameters?.length, parallel = null, parameters } = array;
  if (count === undefined) throw refused('say by count how many runs it has, or give parameters for each.');
  if (parameters !== undefined && parameters.length !== count)
    throw refused(
      `it is to have ${count} runs, and parameters are for ${parameters.length}: give as many, or leave count out.`,
    );
  if (spec.gang !== undefined)
    throw refused('the jobs of a gang begin together, those of an array each by itself: leave gang out, or array.');
  const each = JSON.stringify({ ...spec, files: [] }).length;
  if (each * count > CHARACTERS_MAX)
    throw refused(
      `${count} runs of a program of ${each} characters are too much to keep: put what is long into a file, which they share.`,
    );
  if (Math.max(spec.files.length, spec.after.length) * count > NAMED_MAX)
    throw refused(
      `${count} runs with ${spec.files.length} files, after ${spec.after.length} jobs, are too many: put files into an archive, name an array in after.`,
    );
  return { parallel, environments: parameters ?? Array.from({ length: count }, () => ({})) };
}

const refused = (why: string): AppError => new AppError('invalid_input', `Cannot submit the array: ${why}`);
