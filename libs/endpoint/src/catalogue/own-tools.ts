// The endpoint's own tools: they find and describe the others, and tell of none that the caller may not use.
import { AppError, gateway, type Principal, publicTools, type ToolOutput, toolWords } from '@labmesh/contracts';
import type { Decision } from '@labmesh/identity';
import { firstSentence, ToolSearch } from '@labmesh/search';
import type { Caller } from '../callers/caller.js';
import type { ToolScope } from '../callers/toolset-scope.js';
import type { CatalogueEntry, CatalogueName, OwnAnswer, ToolIndex } from './listing.js';

type Specs = typeof gateway.tools;

/** search_tools and describe_tool over `entries`. */
export function searchTools(catalogue: ToolIndex, entries: readonly CatalogueEntry[]): CatalogueName[] {
  // Made at the first question: most processes are never asked.
  let index: ToolSearch<CatalogueEntry> | undefined;
  const mayUse = (caller: Caller, entry: CatalogueEntry): Decision =>
    catalogue.decide(caller.principal, entry, caller.scope);
  const answers: Readonly<Record<keyof Specs, OwnAnswer>> = {
    search_tools: (input, caller): ToolOutput<Specs['search_tools']> => {
      const { query, limit } = gateway.tools.search_tools.input.parse(input);
      index ??= new ToolSearch(entries, (entry) =>
        toolWords(
          entry,
          entry.name,
          catalogue.agents.find(({ name }) => name === entry.agent),
        ),
      );
      const found = index.find(query, limit, (entry) => mayUse(caller, entry).decision);
      return {
        tools: found.map(({ entry: { agent, listed: tool }, score }) => ({
          name: tool.name,
          title: tool.title,
          description: firstSentence(tool.description),
          score: Math.round(score * 1_000) / 1_000,
          unavailable: !catalogue.isUp(agent),
        })),
      };
    },
    describe_tool: (input, caller): ToolOutput<Specs['describe_tool']> => {
      const { name } = gateway.tools.describe_tool.input.parse(input);
      const entry = catalogue.find(name);
      if (entry === undefined)
        throw new AppError(
          'not_found',
          `Cannot describe "${name}": no such tool. search_tools finds those you may use.`,
        );
      const decision = mayUse(caller, entry);
      if (!decision.decision) throw new AppError('forbidden', decision.reason);
      const { title, description, inputSchema, outputSchema, annotations } = entry.whole;
      const unavailable = !catalogue.isUp(entry.agent);
      const output = outputSchema === undefined ? {} : { outputSchema };
      return { name, title, description, inputSchema, ...output, annotations, unavailable };
    },
  };
  return publicTools([gateway]).map((tool) => ({
    ...tool,
    name: tool.tool,
    answer: answers[tool.tool as keyof Specs],
  }));
}

/** Every caller has them, but for a token with a toolset: it names all that its holder may use. */
export function decideOwn({ toolset }: Pick<Principal, 'toolset'>, name: string): Decision {
  if (toolset === undefined || toolset.includes(name))
    return { decision: true, rule: 'open_tool', reason: `${name} tells only of tools that its caller may use.` };
  return {
    decision: false,
    rule: 'toolset_excludes',
    reason: `${name} is not in this token’s toolset. Use a token whose toolset has it, or one without a toolset.`,
  };
}

export const outOfScope = ({ name }: Pick<CatalogueEntry, 'name'>, scope: ToolScope): Decision => ({
  decision: false,
  rule: 'toolset_excludes',
  reason: `${name} is not in this connection’s toolsets (${scope.key}). Connect with a toolset that has it, or without ?toolsets=.`,
});
