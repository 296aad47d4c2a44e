// What a dry run or an update says of files, for people: one a line, and their differences where they are told.
import type { architect, ToolOutput } from '@labmesh/contracts';
import { bytesText } from '../output/units.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';

export type FileChange = ToolOutput<(typeof architect.tools)['update_project']>['files'][number];

const STYLES = {
  added: 'green',
  changed: 'yellow',
  removed: 'red',
  mode: 'yellow',
  kept: 'dim',
  conflict: 'red',
} as const;

export function showChanges(output: Output, files: readonly FileChange[], differences = false): void {
  output.table(
    ['CHANGE', 'FILE', 'SIZE', 'NOTE'],
    files.map(({ path, change, bytes, executable, note }) => [
      { text: change, style: STYLES[change] },
      path,
      bytes === null ? '-' : bytesText(bytes),
      [executable ? 'executable' : '', note ?? ''].filter((text) => text !== '').join('; '),
    ]),
  );
  if (!differences) return;
  for (const { difference } of files) if (difference !== undefined) output.line(`\n${printable(difference).trimEnd()}`);
}
