// A backup's file, checked from end to end, with a bar for whoever waits.
import { stat } from 'node:fs/promises';
import type { Host } from '../host.js';
import type { Output } from '../output/output.js';
import { type VerifiedBackup, verifyBackup } from './verifying.js';

/** @throws AppError as `verifyBackup` */
export async function verifiedFile(
  path: string,
  { host, output }: { readonly host: Pick<Host, 'signal'>; readonly output: Output },
): Promise<VerifiedBackup> {
  const bar = await output.transfer(await bytesOf(path), 'verify');
  try {
    return await verifyBackup({ path, signal: host.signal, onBytes: bar.at });
  } finally {
    bar.end();
  }
}

/** 0 where there is none: whoever reads it says so. */
export const bytesOf = (path: string): Promise<number> =>
  stat(path).then(
    ({ size }) => size,
    () => 0,
  );
