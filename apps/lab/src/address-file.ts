// Where a lab that runs answers on its own machine, told in its folder: the command finds it there by --home or LABMESH_HOME.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RunningProcess } from '@labmesh/agent';

/** The command reads it, too (apps/cli/src/lab/lab-address.ts). */
const FILE = 'lab.url';

/** The same lab, that takes the file away before it stops. What a kill leaves is written anew by the next start. */
export async function toldInFolder(lab: RunningProcess): Promise<RunningProcess> {
  const { config, port, log } = lab;
  const path = join(config.home, FILE);
  const text = `http://${reachedAt(config.host)}:${port}\n`;
  try {
    await writeFile(path, text, { mode: 0o600 });
  } catch (error) {
    log.warn(
      { err: error },
      'the command must be told where this lab answers, as it could not be written into its folder',
    );
  }
  return {
    ...lab,
    stop: async () => {
      // Another one may have begun on the same folder, where the database is a server's.
      if ((await readFile(path, 'utf8').catch(() => undefined)) === text) await rm(path, { force: true });
      await lab.stop();
    },
  };
}

/** Who listens everywhere is reached on this machine itself. */
const reachedAt = (host: string): string =>
  host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
