// What an endpoint offers, filtered by what a caller may do: what is listed is callable, and nothing else.
import { type AgentContract, gatewayName, type NamedTool, type Principal, publicTools } from '@labmesh/contracts';
import { LRUCache } from 'lru-cache';
import { z } from 'zod';
import { type Decision, decide } from '../tokens/decision.js';

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
}

export interface CatalogueName extends NamedTool {
  /** The name on this endpoint. */
  readonly name: string;
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

export class Catalogue {
  readonly agents: readonly AgentContract[];
  readonly #entries: ReadonlyMap<string, CatalogueEntry>;
  readonly #lists = new LRUCache<string, readonly ListedTool[]>({ max: 500 });
  readonly #decisions = new LRUCache<string, Decision>({ max: 20_000 });

  constructor(agents: readonly AgentContract[], naming: Naming) {
    this.agents = agents;
    const entries = publicTools(agents).map((tool) => ({ ...tool, name: naming(tool.agent, tool.tool) }));
    this.#entries = new Map(entries.map((entry) => [entry.name, { ...entry, listed: listed(entry.name, entry) }]));
  }

  /** The tools that `principal` may call, in declared order. */
  listFor(principal: Principal): readonly ListedTool[] {
    const key = rightsOf(principal);
    const known = this.#lists.get(key);
    if (known !== undefined) return known;
    const list = [...this.#entries.values()]
      .filter((entry) => decide(principal, entry).decision)
      .map((entry) => entry.listed);
    this.#lists.set(key, list);
    return list;
  }

  find(name: string): CatalogueEntry | undefined {
    return this.#entries.get(name);
  }

  decide(principal: Principal, entry: CatalogueName): Decision {
    const key = `${entry.name} ${rightsOf(principal)}`;
    const known = this.#decisions.get(key);
    if (known !== undefined) return known;
    const decision = decide(principal, entry);
    this.#decisions.set(key, decision);
    return decision;
  }
}

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
