// An agent whose tools do nothing but answer: what is left is the cost of the way to it and back.
// It has as many of them as make the gateway's list one of 60 tools.
import { agentModule } from '@labmesh/agent';
import { AGENTS, type Call, defineAgent, defineTool, gateway, publicTools } from '@labmesh/contracts';
import { Module } from '@nestjs/common';
import { z } from 'zod';

/** Tools that the gateway of the bench lists, its own and the real agents' with them. */
export const CATALOGUE_TOOLS = 60;

const echo = defineTool({
  title: 'Answer what came',
  description: 'Answers its input.',
  effect: 'read',
  everyday: true,
  permission: 'agent:read',
  input: z.object({ message: z.string() }),
  output: z.object({ message: z.string() }),
  errors: [],
  timeoutMs: 5_000,
});
/** Answers only when its caller goes away: what a cancelled call costs, and leaves behind. */
const wait = defineTool({ ...echo, title: 'Wait', description: 'Answers when nobody waits any more.' });
const theirs = publicTools([gateway, ...AGENTS]).filter(({ spec }) => spec.everyday);
const others = CATALOGUE_TOOLS - theirs.length - 2;
const named = <T>(value: T): Record<string, T> => ({
  echo: value,
  ...Object.fromEntries(Array.from({ length: others }, (_, at) => [`echo_${at + 2}`, value])),
});

export const noop = defineAgent({
  name: 'noop',
  title: 'The no-op agent',
  description: 'For measuring.',
  tools: { ...named(echo), wait },
});

type Message = { message: string };
const answer = (input: Message): Message => input;
const wake = (input: Message, { signal }: Call): Promise<Message> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(input)));

@Module(agentModule(noop, { tools: { inject: [], useFactory: () => ({ ...named(answer), wait: wake }) as never } }))
export class NoopModule {}
