// What processes of the lab ask of Sentinel on their own account, typed by its contract: no pass goes along, since what is
// asked is public, or carries its own proof.
import type { Bus, RequestOptions } from '@labmesh/bus';
import { AppError, sentinel, toolSubject } from '@labmesh/contracts';
import type { z } from 'zod';

type Tools = typeof sentinel.tools;
export type SentinelTool = keyof Tools;

/**
 * @throws AppError that Sentinel answers; unavailable when nobody does, or what is answered does not fit the contract:
 * then one of the two processes is older than the other
 */
export async function askSentinel<T extends SentinelTool>(
  bus: Pick<Bus, 'request'>,
  tool: T,
  input: z.input<Tools[T]['input']>,
  options: Partial<RequestOptions> = {},
): Promise<z.output<Tools[T]['output']>> {
  const { output, timeoutMs } = sentinel.tools[tool];
  const answer = await bus.request(toolSubject(sentinel.name, tool), input, { headers: {}, timeoutMs, ...options });
  const parsed = output.safeParse(answer);
  if (parsed.success) return parsed.data as z.output<Tools[T]['output']>;
  throw new AppError(
    'unavailable',
    `Cannot read what the Sentinel answers to ${tool}: is one of the two processes of an older version?`,
    { cause: parsed.error },
  );
}
