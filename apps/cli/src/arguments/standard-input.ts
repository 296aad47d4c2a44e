// What comes on standard input, to its end.
import type { Host } from '../host.js';

export async function allOf(stdin: Host['stdin']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks);
}

/** Nothing from a terminal: nobody is kept waiting there for what they do not know of. */
export const pipedTo = async (stdin: Host['stdin']): Promise<Buffer> =>
  stdin.isTTY === true ? Buffer.alloc(0) : await allOf(stdin);
