// What an endpoint offers, filtered by what a caller may do: what is listed is callable, and nothing else.
import { type AgentContract, gatewayName, type NamedTool, type Principal, publicTools } from '@labmesh/contracts';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Decision, decide } from '../tokens/decision.js';
import { decideOwn, type OwnAnswer, outOfScope, searchTools } from './own-tools.js';
import type { ToolScope } from './toolset-scope.js';

/** A tool as MCP lists it. Schemas are JSON Schema 2020-12. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly outputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: {
    readonly title: string;
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
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io }) as Record<string, unknown>;
  return { ...rest, type: 'object' };
};

function listed(name: string, { spec }: NamedTool): ListedTool {
  const reads = spec.effect === 'read';
  return {
    name,
    title: spec.title,
    description: spec.description,
    inputSchema: jsonSchema(spec.input, 'input'),
    outputSchema: jsonSchema(spec.output, 'output'),
    annotations: {
      title: spec.title,
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
  /** Adds search_tools and describe_tool. */
  readonly search?: boolean | undefined;
  /** Whether an agent can be called right now; all of them when left out. */
  readonly isUp?: ((agent: string) => boolean) | undefined;
}

export class Catalogue {
  readonly agents: readonly AgentContract[];
  readonly #isUp: (agent: string) => boolean;
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;
  readonly #lists = new LRUCache<string, readonly ListedTool[]>({ max: 500 });
  readonly #decisions = new LRUCache<string, Decision>({ max: 20_000 });

  constructor(agents: readonly AgentContract[], naming: Naming, options: CatalogueOptions = {}) {
    this.agents = agents;
    this.#isUp = options.isUp ?? (() => true);
    const theirs = publicTools(agents).map((tool) => withList({ ...tool, name: naming(tool.agent, tool.tool) }));
    const own = options.search === true ? searchTools(this, theirs).map(withList) : [];
    const entries = [...own, ...theirs];
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    if (this.#entries.size !== entries.length) throw new Error(`two tools have one name: ${twice(entries)}`);
  }

  /** The tools that `principal` may call on a connection of this scope: the endpoint's own first, then in declared order. */
  listFor(principal: Principal, scope?: ToolScope): readonly ListedTool[] {
    const down = this.agents.filter(({ name }) => !this.#isUp(name)).map(({ name }) => name);
    const key = `${rightsOf(principal)} ${scope?.key ?? ''} ${down.join()}`;
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = [...this.#entries.values()]
      .filter((entry) => (scope?.lists(entry) ?? true) && this.decide(principal, entry, scope).decision)
      .map((entry) => (down.includes(entry.agent) ? unavailable(entry.listed, entry.agent) : entry.listed));
    this.#lists.set(key, list);
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
    const key = `${entry.name} ${rightsOf(principal)}`;
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const decision = entry.answer === undefined ? decide(principal, entry) : decideOwn(principal, entry.name);
    this.#decisions.set(key, decision);
    return decision;
  }
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

const rightsByPrincipal = new WeakMap<Principal, string>();

/** Equal for principals that may do the same. */
function rightsOf(principal: Principal): string {
  const known = rightsByPrincipal.get(principal);
  if (known !== undefined) return known;
  const rights = JSON.stringify([
    principal.role,
    [...principal.permissions].sort(),
    principal.toolset === undefined ? null : [...principal.toolset].sort(),
  ]);
  rightsByPrincipal.set(principal, rights);
  return rights;
}
