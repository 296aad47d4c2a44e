// Prometheus and its tool on files that a test wrote: what they say, and what a running one has seen.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Child, freePort } from '@labmesh/testing';

/** Resolves with what promtool printed. Rejects, with all it printed, when it finds a fault. */
export const promtool = (...args: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile('promtool', args, (error, stdout, stderr) =>
      error === null ? resolve(stdout) : reject(new Error(`promtool ${args.join(' ')}:\n${stdout}${stderr}`)),
    );
  });

/** A configuration and its rules, as somebody would save what the tool answered. */
export async function saved(folder: string, files: { config: string; rules: string; rulesFile: string }) {
  const config = join(folder, 'prometheus.yml');
  await writeFile(config, files.config);
  await writeFile(join(folder, files.rulesFile), files.rules);
  return config;
}

export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

export interface Watching extends AsyncDisposable {
  /** Samples of an instant query. */
  query(expr: string): Promise<Sample[]>;
  rules(): Promise<Array<{ name: string; state: string; health: string }>>;
}

/** A Prometheus on this machine alone, with its data in the folder. */
export async function prometheus(config: string, folder: string): Promise<Watching> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = new Child({
    command: 'prometheus',
    args: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=${address}`,
      // Debian's package has the pages elsewhere; nobody looks at them here.
      `--web.console.templates=${folder}`,
      `--web.console.libraries=${folder}`,
    ],
  });
  const ask = async (path: string) => {
    const answer = (await (await fetch(`http://${address}${path}`)).json()) as { data: never };
    return answer.data as Record<string, never>;
  };
  await child.until(async () => (await fetch(`http://${address}/-/ready`)).ok);
  return {
    query: async (expr) => (await ask(`/api/v1/query?query=${encodeURIComponent(expr)}`)).result ?? [],
    rules: async () => {
      const groups: Array<{ rules: [] }> = (await ask('/api/v1/rules')).groups ?? [];
      return groups.flatMap(({ rules }) => rules);
    },
    [Symbol.asyncDispose]: async () => void (await child.stop()),
  };
}
