// What an endpoint offers, filtered by what a caller may do. Rights and toolsets decide what may be called; what is listed is
// a part of it; nothing else exists for this caller.

import { type AgentContract, type Principal, publicTools } from '@labmesh/contracts';
import { type CompiledPolicy, type Decision, decide, type Policies } from '@labmesh/identity';
import { LRUCache } from 'lru-cache';
import { scopeWith, type ToolScope } from '../callers/toolset-scope.js';
import { mentionsHeader, type ParamHeaders, paramHeadersOf } from '../wire/param-headers.js';
import {
  type CatalogueEntry,
  type CatalogueName,
  type ListedTool,
  type Naming,
  type ToolIndex,
  withList,
} from './listing.js';
import { decideOwn, outOfScope, searchTools } from './own-tools.js';

export interface CatalogueOptions {
  /** By which everything here is decided: what was known under another policy is forgotten. */
  readonly policies: Pick<Policies, 'current'>;
  /** Adds search_tools and describe_tool; then a list may leave out what these find. */
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
/** What is listed to whoever chose no toolset, where the rest can be found. Where it cannot, everything is. */
const EVERYDAY = scopeWith(['everyday']);
const EVERYTHING = scopeWith(['all']);

export class Catalogue implements ToolIndex {
  readonly agents: readonly AgentContract[];
  /** Which arguments of which tools are sent as headers too. */
  readonly paramHeaders: ParamHeaders;
  readonly #isUp: (agent: string) => boolean;
  readonly #usual: ToolScope;
  /** Entries of agents that are gone, as they are listed: the same object each time, so that equal lists are seen to be equal. */
  readonly #unavailable = new Map<string, ListedTool>();
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
    const search = options.search === true;
    this.#usual = search ? EVERYDAY : EVERYTHING;
    const theirs = publicTools(agents).map((tool) =>
      withList({ ...tool, name: naming(tool.agent, tool.tool) }, search),
    );
    const own = search ? searchTools(this, theirs).map((tool) => withList(tool, search)) : [];
    const entries = [...own, ...theirs];
    this.#entries = new Map(entries.map((entry) => [entry.name, entry]));
    if (this.#entries.size !== entries.length) throw new Error(`two tools have one name: ${twice(entries)}`);
    this.paramHeaders = paramHeaders(entries);
  }

  /**
   * What `principal` is shown on a connection of this scope: the endpoint's own tools first, then in declared order. All of it
   * may be called. A credential with a toolset of its own names few enough: none of them is left out.
   */
  listFor(principal: Principal, scope?: ToolScope): readonly ListedTool[] {
    const down = this.agents.filter(({ name }) => !this.#isUp(name)).map(({ name }) => name);
    const { lists } = this.#knowing(principal);
    const key = `${scope?.key ?? ''} ${down.join()}`;
    const known = lists.get(key);
    if (known !== undefined) return known;
    const shown = principal.toolset === undefined ? (scope ?? this.#usual) : EVERYTHING;
    const list = [...this.#entries.values()]
      .filter((entry) => shown.lists(entry) && this.decide(principal, entry, scope).decision)
      .map((entry) => (down.includes(entry.agent) ? this.#markedUnavailable(entry) : entry.listed));
    lists.set(key, list);
    return list;
  }

  #markedUnavailable({ name, agent, listed }: CatalogueEntry): ListedTool {
    const marked = this.#unavailable.get(name) ?? unavailable(listed, agent);
    this.#unavailable.set(name, marked);
    return marked;
  }

  isUp(agent: string): boolean {
    return this.#isUp(agent);
  }

  find(name: string): CatalogueEntry | undefined {
    return this.#entries.get(name);
  }

  /** Whether `principal` may call it on a connection of this scope, listed or not. */
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
  const declared = entries
    .filter(({ spec }) => mentionsHeader(spec.input))
    .map((entry) => {
      try {
        return [entry.name, paramHeadersOf(entry.whole.inputSchema)] as const;
      } catch (error) {
        throw new Error(`Cannot offer the tool ${entry.name}: ${(error as Error).message}`, { cause: error });
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
