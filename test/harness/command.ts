// The `labmesh` command as people run it on the lab's machine: a process of its own, with no settings but the lab's, whose answers
// look as on a terminal.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { type Lab, ROOT } from './lab-under-test.js';

/** An audit log that is printed is as long as the lab was busy. */
const PRINTED_MAX_BYTES = 256 * 1024 * 1024;

export const COMMAND = join(ROOT, 'apps/cli/bin/labmesh.js');

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export const labmesh = (
  lab: Pick<Lab, 'home' | 'url'>,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Ended> => labmeshTold(lab, args, { env });

/** With a text on its standard input, which ends after it, and in another folder than LabMesh's. */
export function labmeshTold(
  lab: Pick<Lab, 'home' | 'url'>,
  args: readonly string[],
  {
    env = {},
    input = '',
    cwd = ROOT,
  }: { readonly env?: Record<string, string>; readonly input?: string; readonly cwd?: string },
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const all = { PATH, HOME: lab.home, LABMESH_URL: lab.url, LABMESH_HOME: lab.home, LABMESH_OUTPUT: 'table', ...env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [COMMAND, ...args],
      { cwd, env: all, timeout: 240_000, maxBuffer: PRINTED_MAX_BYTES },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
      },
    );
    // What ends without reading it is no failure of the test's.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
