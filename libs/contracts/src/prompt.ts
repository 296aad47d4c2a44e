// Prompts that an agent offers to people and models, as values: MCP's prompts. Types of handlers follow from it.
// Nothing here may know a transport, a framework or an agent.
import { z } from 'zod';
import type { Call } from './call.js';
import { ContentBlock } from './content.js';
import type { Permission } from './permissions.js';
import type { Complete } from './resource.js';

/** Arguments are texts, given by a person in a form: flat, and an enum where the values are known. */
type TextArguments = z.ZodObject<Readonly<Record<string, z.ZodType<string | undefined, string | undefined>>>>;

export interface PromptSpec {
  readonly title: string;
  /** What it is for, for the person who chooses it. */
  readonly description: string;
  readonly arguments: TextArguments;
  /** What the tools it speaks of need. */
  readonly permission: Permission;
}

export type PromptSet = Readonly<Record<string, PromptSpec>>;

export const definePrompt = <const P extends PromptSpec>(prompt: P): P => prompt;

/** What asking for a prompt answers: messages to begin a conversation with. */
export const PromptAnswer = z.object({
  description: z.string().optional(),
  messages: z.array(z.object({ role: z.enum(['user', 'assistant']), content: ContentBlock })).min(1),
});
export type PromptAnswer = z.output<typeof PromptAnswer>;

type Get<P extends PromptSpec> = (args: z.output<P['arguments']>, call: Call) => Promise<PromptAnswer> | PromptAnswer;

/** Enums complete by themselves; give `complete` where the agent knows other values. */
export type PromptHandler<P extends PromptSpec> =
  | Get<P>
  | { readonly get: Get<P>; readonly complete: Complete<keyof z.output<P['arguments']> & string> };

/** One handler per prompt: a missing one, or one of the wrong type, does not compile. */
export type PromptHandlers<P extends PromptSet> = { readonly [K in keyof P]: PromptHandler<P[K]> };

/** A prompt of one text from the user, with links to what it speaks of. */
export const asUser = (
  text: string,
  ...links: Array<{ uri: string; name: string; mimeType?: string }>
): PromptAnswer => ({
  messages: [
    { role: 'user', content: { type: 'text', text } },
    ...links.map((link) => ({ role: 'user' as const, content: { type: 'resource_link' as const, ...link } })),
  ],
});
