// What a job writes, on its way into its log: byte by byte, and never faster than the log takes it.
import type { Readable } from 'node:stream';
import type { AttemptLog } from '@labmesh/jobs';

/** Resolves when the stream has ended and all of it is in the log. After a failure, which is told once, the rest is read and dropped. */
export async function pour(
  from: Readable,
  stream: 'stdout' | 'stderr',
  { log, failed }: { readonly log: AttemptLog; readonly failed: (error: unknown) => void },
): Promise<void> {
  let isBroken = false;
  try {
    for await (const bytes of from as AsyncIterable<Buffer>) {
      if (isBroken) continue;
      try {
        await log.write(stream, bytes);
      } catch (error) {
        isBroken = true;
        failed(error);
      }
    }
  } catch {
    // It was cut off: whoever held it open is gone.
  }
}
