// pgbench with its own TPC-B on the same server: what a bank's transaction costs there without us.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCALE = '10';
const PREPARED_WITHIN_MS = 120_000;

/** Makes its tables. */
export async function prepareTpcB(url: string): Promise<void> {
  await run('pgbench', ['-q', '-i', '-s', SCALE, url], { timeout: PREPARED_WITHIN_MS });
}

/** Transactions a second. */
export async function tpcB(url: string, clients: number, seconds: number): Promise<number> {
  const { stdout } = await run('pgbench', ['-n', '-c', `${clients}`, '-j', '2', '-T', `${seconds}`, url], {
    timeout: seconds * 1_000 + PREPARED_WITHIN_MS,
  });
  const rate = /^tps = ([\d.]+)/m.exec(stdout)?.[1];
  if (rate === undefined) throw new Error(`pgbench said no rate: ${stdout}`);
  return Number(rate);
}
