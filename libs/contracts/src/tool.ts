// The shape of a contract: what an agent offers, as a value. Types of handlers and clients follow from it.
// Nothing here may know a transport, a framework or an agent.
import type { z } from 'zod';
import type { BlobsSpec } from './blob.js';
import type { Call } from './call.js';
import type { ErrorCodeName } from './errors.js';
import type { LogMessage } from './log-message.js';
import type { Permission } from './permissions.js';
import type { PromptSet } from './prompt.js';
import type { ResourceSet } from './resource.js';

/**
 * What a call does to the world: `read` changes nothing, `write` adds, `destroy` removes or cannot be undone. A copy that the lab
 * keeps of what is elsewhere is no change: it is nobody's, and asking again leaves the same. See docs/handlers.md.
 */
export type Effect = 'read' | 'write' | 'destroy';

/** Most everyday tools of one agent of the lab: ten such agents still fit a client that takes 128 tools. */
export const EVERYDAY_MAX = 8;

export interface ToolSpec {
  readonly title: string;
  /** One paragraph for the person or model that chooses the tool: what it does, when to use it, its limits. */
  readonly description: string;
  readonly effect: Effect;
  /** The same input twice has the same effect as once. Reads always are. */
  readonly idempotent?: boolean;
  /**
   * Of a read that may keep a copy of what it fetched from outside: whether this answer says that it did. Then its audit record is
   * durable before it answers, as a write's is.
   */
  stored?(output: object): boolean;
  /** `public` tools are MCP tools; `internal` ones are reachable on the bus only. */
  readonly visibility?: 'public' | 'internal';
  /**
   * Among the tools of its agent that are used every day, of which an agent of the lab has at most `EVERYDAY_MAX`: the gateway
   * lists these to whoever chose nothing else. The others are found by `search_tools`, and called as these are.
   */
  readonly everyday?: boolean;
  /** Members of the input whose schema is long: lists tell their type and description alone, `describe_tool` all of it. */
  readonly brief?: readonly string[];
  /** Words of people who mean this tool, where its title and description have others. `search_tools` looks at them; nobody reads them. */
  readonly keywords?: readonly string[];
  /**
   * What the caller must hold. `null` only on internal tools whose input is itself the proof
   * (a credential, a one-time code) or whose answer is public (verification keys).
   */
  readonly permission: Permission | null;
  /** An internal tool without a permission that only agents may ask at the broker whose contracts need it, and not every process. */
  readonly needed?: true;
  readonly input: z.ZodObject;
  /** What programs read; `ToolContent` when it is for people and models to look at. */
  readonly output: z.ZodObject;
  /** Present on streaming tools: the handler yields these, and log messages, before it returns the output. */
  readonly progress?: z.ZodType;
  /** Codes the tool may answer beyond those that every tool may: see `COMMON_ERRORS`. */
  readonly errors: readonly ErrorCodeName[];
  /**
   * Members of the input that say what a call is about, for the audit log. Ids only, whose schema allows nothing else:
   * a text that somebody typed must never be named here.
   */
  readonly about?: readonly string[];
  /**
   * Tools that lead here, by gateway name: whoever has one of them in a token's toolset has this too. For what no toolset can
   * name, since it is no tool.
   */
  readonly through?: readonly string[];
  /** Absolute limit in milliseconds, progress or not. */
  readonly timeoutMs: number;
  /** How often one wallet may call it, and how many at once. Left out: by effect, see docs/limits.md. */
  readonly limit?: { readonly perSecond: number; readonly burst: number; readonly concurrent: number };
}

export type ToolSet = Readonly<Record<string, ToolSpec>>;

/** Events by their past-participle name; the value is the payload's schema. */
export type EventSet = Readonly<Record<string, z.ZodObject>>;

export interface EventRef<P extends z.ZodObject = z.ZodObject> {
  readonly agent: string;
  readonly name: string;
  readonly payload: P;
}

/**
 * Tools of other agents that an agent calls on behalf of its callers, by the other agent's name. What is not named here,
 * no pass of the agent's is good for: whoever breaks into an agent can reach no further.
 */
export type Needs = Readonly<Record<string, readonly string[]>>;

/** Events that an agent hears, by the name of the agent that tells them; `mesh` for those that every process tells. */
export type Hears = Readonly<Record<string, readonly string[]>>;

export interface AgentContract<
  T extends ToolSet = ToolSet,
  E extends EventSet = EventSet,
  R extends ResourceSet = ResourceSet,
  P extends PromptSet = PromptSet,
  D extends Needs = Needs,
  B extends BlobsSpec | undefined = BlobsSpec | undefined,
> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly tools: T;
  readonly events: { readonly [K in keyof E]: EventRef<E[K]> };
  /** What programs may read by address. */
  readonly resources: R;
  readonly prompts: P;
  /** What may be read as bytes, by an id; undefined where there is nothing. */
  readonly blobs: B;
  readonly needs: D;
  readonly hears: Hears;
  /** It keeps bytes beside its rows: its processes have the lab's place for bytes. */
  readonly keepsFiles: boolean;
}

export const defineTool = <const T extends ToolSpec>(tool: T): T => tool;

export function defineAgent<
  const N extends string,
  T extends ToolSet,
  E extends EventSet = Record<never, never>,
  R extends ResourceSet = Record<never, never>,
  P extends PromptSet = Record<never, never>,
  const D extends Needs = Record<never, never>,
  const B extends BlobsSpec | undefined = undefined,
>(agent: {
  name: N;
  title: string;
  description: string;
  tools: T;
  events?: E;
  resources?: R;
  prompts?: P;
  blobs?: B;
  needs?: D;
  hears?: Hears;
  keepsFiles?: boolean;
}): AgentContract<T, E, R, P, D, B> & { readonly name: N } {
  const events = Object.fromEntries(
    Object.entries(agent.events ?? {}).map(([name, payload]) => [name, { agent: agent.name, name, payload }]),
  ) as unknown as { readonly [K in keyof E]: EventRef<E[K]> };
  const resources = agent.resources ?? ({} as R);
  const prompts = agent.prompts ?? ({} as P);
  const blobs = agent.blobs as B;
  const needs = agent.needs ?? ({} as D);
  const hears = agent.hears ?? {};
  const keepsFiles = agent.keepsFiles ?? false;
  return Object.freeze({ ...agent, events, resources, prompts, blobs, needs, hears, keepsFiles });
}

export type ToolInput<T extends ToolSpec> = z.output<T['input']>;
export type ToolOutput<T extends ToolSpec> = z.input<T['output']>;

/** A plain tool answers; a streaming tool is an async generator that yields progress and returns the answer. */
export type Handler<T extends ToolSpec> = T extends { readonly progress: infer P extends z.ZodType }
  ? (input: ToolInput<T>, call: Call) => AsyncGenerator<z.input<P> | LogMessage, ToolOutput<T>, void>
  : (input: ToolInput<T>, call: Call) => Promise<ToolOutput<T>> | ToolOutput<T>;

/** One handler per tool: a missing one, or one of the wrong type, does not compile. */
export type Handlers<T extends ToolSet> = { readonly [K in keyof T]: Handler<T[K]> };

/** An event as it travels: delivered at least once, so listeners are idempotent by `id`. */
export interface EventEnvelope<P = unknown> {
  readonly id: string;
  /** When it happened, UTC ISO 8601. */
  readonly at: string;
  readonly payload: P;
}

export type EventRefs = Readonly<Record<string, EventRef>>;

/** One listener per event listened to; it resolves only when the event's effect is durable. */
export type Listeners<R extends EventRefs> = {
  readonly [K in keyof R]: (payload: z.output<R[K]['payload']>, event: EventEnvelope) => Promise<void> | void;
};
