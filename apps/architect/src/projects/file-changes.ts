// Changes of files as callers are told of them: with hashes, and with the difference where it is text of a size to read.
import type { architect, ToolOutput } from '@labmesh/contracts';
import { type ProjectFile, sha256Of, textOf } from '@labmesh/projects';
import { createTwoFilesPatch } from 'diff';
import type { MergedFile } from './three-way.js';

export type FileChange = ToolOutput<typeof architect.tools.update_project>['files'][number];

/** Of one file, and of all that is told at once: an answer travels in one message. */
const TEXT_MAX = 64 * 1024;
const ALL_MAX = 192 * 1024;

/** By path. @param differences whether to tell them */
export function describeChanges(
  told: readonly MergedFile[],
  { differences }: { readonly differences: boolean },
): FileChange[] {
  let room = ALL_MAX;
  return told.map(({ path, kind, before, after, note }) => {
    const change = {
      ...{
        path,
        change: kind,
        sha256: after === undefined ? null : sha256Of(after.bytes),
        bytes: after?.bytes.byteLength ?? null,
      },
      executable: after?.executable ?? false,
      ...(note === undefined ? {} : { note }),
    };
    const difference =
      differences && kind !== 'mode' && kind !== 'kept' ? differenceOf(path, before, after) : undefined;
    if (difference === undefined) return change;
    if (difference.length > room) return { ...change, note: note ?? 'The difference is too long to be shown here.' };
    room -= difference.length;
    return { ...change, difference };
  });
}

function differenceOf(
  path: string,
  before: ProjectFile | undefined,
  after: ProjectFile | undefined,
): string | undefined {
  const [old, now] = [before, after].map((file) => (file === undefined ? '' : textOf(file.bytes)));
  if (old === undefined || now === undefined || old.length > TEXT_MAX || now.length > TEXT_MAX) return undefined;
  const patch = createTwoFilesPatch(
    before === undefined ? '/dev/null' : `a/${path}`,
    after === undefined ? '/dev/null' : `b/${path}`,
    old,
    now,
    '',
    '',
    { context: 3 },
  );
  return patch.replace(/^=+\n/, '');
}

/** Everything that is new, as a dry run tells it. */
export const allAdded = (files: readonly ProjectFile[]): MergedFile[] =>
  files.map((after) => ({ path: after.path, kind: 'added', before: undefined, after }));
