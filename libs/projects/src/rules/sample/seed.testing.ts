// How a fault is put into a sample, and what must be said of it. The tables of faults are in *-seeds.testing.ts.
import type { DiskFacts } from '../project/project.js';
import { agent, tool } from './node-samples.testing.js';
import { notebooks, service } from './python-samples.testing.js';
import type { SampleFiles } from './sample.testing.js';

export const SAMPLES = { agent, tool, notebooks, service };

export interface Seed {
  readonly fault: string;
  readonly sample: keyof typeof SAMPLES;
  readonly change: (files: SampleFiles) => SampleFiles;
  readonly disk?: DiskFacts;
  readonly rule: string;
  /** Null: of the project as a whole. */
  readonly path: string | null;
  /** A text that is on the line to be named, the first of its kind; null when the finding is of the whole file. */
  readonly at: string | null;
  /** What no finding may repeat. */
  readonly secret?: string;
}

type Change = Seed['change'];

export const put =
  (path: string, text: string): Change =>
  (files) => ({ ...files, [path]: text });
export const append =
  (path: string, line: string): Change =>
  (files) => ({ ...files, [path]: `${files[path] ?? ''}${line}\n` });
/** @throws Error when the sample does not have it: a seed that changes nothing is no fault. */
export const swap =
  (path: string, from: string, to: string): Change =>
  (files) => {
    const before = files[path];
    if (before === undefined || !before.includes(from)) throw new Error(`${path} has no ${from}`);
    return { ...files, [path]: before.replace(from, () => to) };
  };
export const drop =
  (path: string): Change =>
  (files) =>
    Object.fromEntries(Object.entries(files).filter(([name]) => name !== path));
export const all =
  (...changes: Change[]): Change =>
  (files) =>
    changes.reduce((changed, change) => change(changed), files);

export const lineOf = (text: string, at: string): number => {
  const index = text.indexOf(at);
  if (index === -1) throw new Error(`no line has ${at}`);
  return text.slice(0, index).split('\n').length;
};
