// What an endpoint offers beside tools: resources by address and prompts by name, filtered by what a caller may do.
// What is listed is readable, and nothing else is.
import {
  matchUri,
  type NamedTool,
  type Principal,
  type PromptOperations,
  promptOperations,
  type ResourceOperations,
  resourceOperations,
} from '@labmesh/contracts';
import type { Catalogue } from './catalogue.js';
import type { CatalogueName, Naming } from './listing.js';

export interface OfferedPrompt extends PromptOperations {
  /** The name on this endpoint. */
  readonly name: string;
}

export interface MatchedResource {
  readonly resource: ResourceOperations;
  readonly params: Readonly<Record<string, string>>;
}

export class ResourcesAndPrompts {
  readonly resources: readonly ResourceOperations[];
  readonly prompts: readonly OfferedPrompt[];

  constructor(
    private readonly catalogue: Catalogue,
    private readonly naming: Naming,
  ) {
    this.resources = catalogue.agents.flatMap(resourceOperations);
    this.prompts = catalogue.agents
      .flatMap(promptOperations)
      .map((prompt) => ({ ...prompt, name: naming(prompt.agent, prompt.prompt) }));
  }

  /** The resources that `principal` may read, in declared order. */
  resourcesFor(principal: Principal): ResourceOperations[] {
    return this.resources.filter(({ read }) => this.#allows(principal, read));
  }

  /** The prompts that `principal` may use, in declared order. */
  promptsFor(principal: Principal): OfferedPrompt[] {
    return this.prompts.filter(({ get }) => this.#allows(principal, get));
  }

  /** Whose address this is, whoever asks; undefined when nobody's. */
  match(uri: string): MatchedResource | undefined {
    for (const resource of this.resources) {
      const params = matchUri(resource.spec.uri, uri);
      if (params !== undefined) return { resource, params };
    }
    return undefined;
  }

  template(uri: string): ResourceOperations | undefined {
    return this.resources.find(({ spec }) => spec.uri === uri);
  }

  prompt(name: string): OfferedPrompt | undefined {
    return this.prompts.find((prompt) => prompt.name === name);
  }

  /** An operation under its name on this endpoint, as the caller of tools takes it. */
  entry(operation: NamedTool): CatalogueName {
    return { ...operation, name: this.naming(operation.agent, operation.tool) };
  }

  #allows(principal: Principal, operation: NamedTool): boolean {
    return this.catalogue.decide(principal, this.entry(operation)).decision;
  }
}
