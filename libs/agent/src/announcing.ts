// An agent's handlers, with what has changed told after those that change something: declared beside the handlers, told in one place.
import type { AgentContract, Call, ToolOutput, ToolSpec } from '@labmesh/contracts';
import type { ResourceChange, ResourceChanges } from '@labmesh/runtime';

/** For each tool that changes resources, what has changed when it answered so; undefined for nothing. */
export type ChangesOf<A extends AgentContract> = {
  readonly [T in keyof A['tools']]?: A['tools'][T] extends ToolSpec
    ? (output: ToolOutput<A['tools'][T]>, call: Call) => ResourceChange | undefined
    : never;
};

type Handler = (input: unknown, call: Call) => unknown;
type Told = Readonly<Record<string, ((output: never, call: Call) => ResourceChange | undefined) | undefined>>;

/** The same handlers; those that `told` names tell of a change before they answer. What fails tells nothing. */
export function announcing(handlers: object, told: Told, changes: ResourceChanges): object {
  const wrapped = Object.entries(told).map(([tool, changeOf]) => {
    const handler = (handlers as Record<string, Handler>)[tool];
    const tell = (output: unknown, call: Call): void => {
      const change = changeOf?.(output as never, call);
      if (change !== undefined) changes.tell(change);
    };
    const run: Handler = (input, call) => {
      const running = handler?.(input, call);
      const told = (output: unknown): void => tell(output, call);
      return isStream(running) ? streamed(running, told) : answered(running, told);
    };
    return [tool, run] as const;
  });
  return { ...handlers, ...Object.fromEntries(wrapped) };
}

const isStream = (running: unknown): running is AsyncGenerator =>
  typeof running === 'object' && running !== null && Symbol.asyncIterator in running;

async function answered(running: unknown, told: (output: unknown) => void): Promise<unknown> {
  const output = await running;
  told(output);
  return output;
}

async function* streamed(running: AsyncGenerator, told: (output: unknown) => void): AsyncGenerator {
  const output: unknown = yield* running;
  told(output);
  return output;
}
