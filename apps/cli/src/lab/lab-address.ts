// Where a lab of this machine answers, as it wrote it into its folder. Only an address of this very machine is believed: the token of
// that folder goes there.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLoopback } from './operator-token.js';

/** The lab writes it (apps/lab/src/address-file.ts). */
const FILE = 'lab.url';

/** Undefined where no lab runs on the folder, or none that says so. */
export async function addressIn(home: string): Promise<string | undefined> {
  const text = (await readFile(join(home, FILE), 'utf8').catch(() => '')).trim();
  if (!URL.canParse(text)) return undefined;
  const { protocol, hostname, origin } = new URL(text);
  return protocol === 'http:' && isLoopback(hostname) ? origin : undefined;
}
