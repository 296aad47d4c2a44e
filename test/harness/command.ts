// The `labmesh` command as people run it on the lab's machine: a process of its own, with no settings but the lab's.
import { execFile } from 'node:child_process';
import { type Lab, ROOT } from './lab-under-test.js';

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

/** With a text on its standard input, which ends after it. */
export function labmeshTold(
  lab: Pick<Lab, 'home' | 'url'>,
  args: readonly string[],
  { env = {}, input = '' }: { readonly env?: Record<string, string>; readonly input?: string },
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const all = { PATH, HOME: lab.home, LABMESH_URL: lab.url, LABMESH_HOME: lab.home, ...env };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['apps/cli/bin/labmesh.js', ...args],
      { cwd: ROOT, env: all, timeout: 240_000 },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err });
      },
    );
    // What ends without reading it is no failure of the test's.
    child.stdin?.on('error', () => undefined).end(input);
  });
}
