// What an endpoint offers, filtered by what a caller may do: what is listed is callable, and nothing else.
import {
  type AgentContract,
  gatewayName,
  type NamedTool,
  type Principal,
  publicTools,
  ToolContent,
} from '@labmesh/contracts';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import type { Policies } from '../identity/policies.js';
import type { CompiledPolicy } from '../tokens/compiled-policy.js';
import { type Decision, decide } from '../tokens/decision.js';
import { decideOwn, type OwnAnswer, outOfScope, searchTools } from './own-tools.js';
import { type ParamHeaders, paramHeadersOf } from './param-headers.js';
import type { ToolScope } from './toolset-scope.js';

/** A tool as MCP lists it. Schemas are JSON Schema 2020-12, MCP's own, so they need not say it by `$schema`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  /** Left out when the tool answers content blocks. */
  readonly outputSchema?: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly _meta?: Readonly<Record<string, unknown>>;
}

export interface CatalogueName extends NamedTool {
  /** The name on this endpoint. */
  readonly name: string;
  /** Present on the endpoint's own tools: they are answered here, not by an agent. */
  readonly answer?: OwnAnswer;
}

export interface CatalogueEntry extends CatalogueName {
  readonly listed: ListedTool;
}

export type Naming = (agent: string, tool: string) => string;

/** Names at the gateway: `<agent>_<tool>`. */
export const prefixed: Naming = gatewayName;
/** Names at an agent's own endpoint. */
export const plain: Naming = (_agent, tool) => tool;

const jsonSchema = (schema: z.ZodObject, io: 'input' | 'output'): ListedTool['inputSchema'] => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, override: SAID[io] }) as Record<string, unknown>;
  // Kept where a contract says it: in every schema it would make the list a fifth longer, and clients with small contexts pay.
  const said = schema.meta()?.$schema === undefined ? {} : { $schema };
  return { ...said, ...rest, type: 'object' };
};

interface Part {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** What a format says already, and bounds that every JSON number has in this lab: a sixth of the list, and news to nobody. */
function withoutTheObvious({ jsonSchema: schema }: Part): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

const BOUNDS = ['default', 'maximum', 'maxItems', 'maxLength', 'minimum', 'minItems', 'minLength', 'pattern'] as const;

/** A result has what it has, and more one day: bounds are for who writes. The agent holds its results to them by itself. */
function withoutBounds({ jsonSchema: schema }: Part): void {
  for (const bound of BOUNDS) delete schema[bound];
  if (schema.additionalProperties === false) delete schema.additionalProperties;
}

const SAID = { input: withoutTheObvious, output: withoutBounds };

function listed(name: string, { spec }: NamedTool): ListedTool {
  const reads = spec.effect === 'read';
  return {
    name,
    title: spec.title,
    description: spec.description,
    inputSchema: jsonSchema(spec.input, 'input'),
    ...(spec.output === ToolContent ? {} : { outputSchema: jsonSchema(spec.output, 'output') }),
    annotations: {
      readOnlyHint: reads,
      destructiveHint: spec.effect === 'destroy',
      idempotentHint: reads || spec.idempotent === true,
      openWorldHint: false,
    },
  };
}

const withList = (tool: Omit<CatalogueEntry, 'listed'>): CatalogueEntry => ({
  ...tool,
  listed: listed(tool.name, tool),
});

export interface CatalogueOptions {
  /** By which everything here is decided: what was known under another policy is forgotten. */
  readonly policies: Pick<Policies, 'current'>;
  /** Adds search_tools and describe_tool. */
  readonly search?: boolean | undefined;
  /** Whether an agent can be called right now; all of them when left out. */
  readonly isUp?: ((agent: string) => boolean) | undefined;
}

/** What is known of all callers with the same rights. */
interface Known {
  /** By the entry's name: as many as there are tools and operations. */
  readonly decisions: Map<string, Decision>;
  /** By scope and by agents that are gone. */
  readonly lists: LRUCache<string, readonly ListedTool[]>;
}
const LISTS_MAX = 50;

export class Catalogue {
  readonly agents: readonly AgentContract[];
  /** Which arguments of which tools are sent as headers too. */
  readonly paramHeaders: ParamHeaders;
  readonly #isUp: (agent: string) => boolean;
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;
  readonly #policies: Pick<Policies, 'current'>;
  /** What all that is known was decided by. */
  #policy: CompiledPolicy;
  readonly #known = new LRUCache<string, Known>({ max: 500 });
  /** A shorter way to the same: no text is put together for a caller seen before. */
  #knownOf = new WeakMap<Principal, Known>();

  constructor(agents: readonly AgentContract[], naming: Naming, options: CatalogueOptions) {
    this.agents = agents;
    this.#policies = options.policies;
    this.#policy = options.policies.current;
    this.#isUp = options.isUp ?? (() => true);
    const theirs = publicTools(agents).map((tool) => withList({ ...tool, name: naming(tool.agent, tool.tool) }));
    const own = options.search === true ? searchTools(this, theirs).map(withList) : [];
    const entries = [...own, ...theirs];
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    if (this.#entries.size !== entries.length) throw new Error(`two tools have one name: ${twice(entries)}`);
    this.paramHeaders = paramHeaders(entries);
  }

  /** The tools that `principal` may call on a connection of this scope: the endpoint's own first, then in declared order. */
  listFor(principal: Principal, scope?: ToolScope): readonly ListedTool[] {
    const down = this.agents.filter(({ name }) => !this.#isUp(name)).map(({ name }) => name);
    const { lists } = this.#knowing(principal);
    const key = `${scope?.key ?? ''} ${down.join()}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const list = [...this.#entries.values()]
      .filter((entry) => (scope?.lists(entry) ?? true) && this.decide(principal, entry, scope).decision)
      .map((entry) => (down.includes(entry.agent) ? unavailable(entry.listed, entry.agent) : entry.listed));
    lists.set(key, list);
    return list;
  }

  isUp(agent: string): boolean {
    return this.#isUp(agent);
  }

  find(name: string): CatalogueEntry | undefined {
    return this.#entries.get(name);
  }

  decide(principal: Principal, entry: CatalogueName, scope?: ToolScope): Decision {
    if (scope?.allows(entry) === false) return outOfScope(entry, scope);
    const { decisions } = this.#knowing(principal);
    const known = decisions.get(entry.name);
    if (known !== undefined) return known;
    const decision =
      entry.answer === undefined
        ? decide(principal, entry, { policy: this.#policy })
        : decideOwn(principal, entry.name);
    decisions.set(entry.name, decision);
    return decision;
  }

  #knowing(principal: Principal): Known {
    const policy = this.#policies.current;
    if (policy !== this.#policy) {
      this.#policy = policy;
      this.#known.clear();
      this.#knownOf = new WeakMap();
    }
    const seen = this.#knownOf.get(principal);
    if (seen !== undefined) return seen;
    const rights = rightsOf(principal, policy);
    const known = this.#known.get(rights) ?? { decisions: new Map(), lists: new LRUCache({ max: LISTS_MAX }) };
    this.#known.set(rights, known);
    this.#knownOf.set(principal, known);
    return known;
  }
}

/** @throws Error for a contract that declares a header wrongly: at start, before anybody calls */
function paramHeaders(entries: readonly CatalogueEntry[]): ParamHeaders {
  const declared = entries.map(({ name, listed }) => {
    try {
      return [name, paramHeadersOf(listed.inputSchema)] as const;
    } catch (error) {
      throw new Error(`Cannot offer the tool ${name}: ${(error as Error).message}`, { cause: error });
    }
  });
  return new Map(declared.filter(([, headers]) => headers.length > 0));
}

/** How a tool whose agent is gone is listed: `_meta` says so to programs, the first words of the description to people. */
export const UNAVAILABLE_META_KEY = 'labmesh/unavailable';

const unavailable = (tool: ListedTool, agent: string): ListedTool => ({
  ...tool,
  description: `(Unavailable now: the ${agent} is not running.) ${tool.description}`,
  _meta: { ...tool._meta, [UNAVAILABLE_META_KEY]: true },
});

const twice = (entries: readonly CatalogueEntry[]): string =>
  entries
    .map(({ name }) => name)
    .filter((name, at, names) => names.indexOf(name) !== at)
    .join(', ');

/** Equal for principals that may do the same. */
const rightsOf = ({ walletId, role, permissions, toolset }: Principal, policy: CompiledPolicy): string =>
  JSON.stringify([
    role,
    [...permissions].sort(),
    toolset === undefined ? null : [...toolset].sort(),
    policy.singlesOut(walletId) ? walletId : null,
  ]);
