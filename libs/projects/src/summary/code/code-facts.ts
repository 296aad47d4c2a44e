// What code says of itself, whatever its language: found in its syntax tree, with offsets into its text.
import type { SyntaxNodeRef, Tree } from '@lezer/common';

export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ImportFact extends Span {
  /** As it is written: `./router.js`, `numpy`, `..lab`. */
  readonly name: string;
  /** What is taken out of it, as far as it may be a module itself. */
  readonly names: readonly string[];
}

export interface NamedFact extends Span {
  readonly name: string;
}

export interface EnvironmentFact extends NamedFact {
  /** As it is written beside it. */
  readonly fallback?: string;
}

export interface CallFact extends NamedFact {
  /** Its first argument, where that is a text. */
  readonly text?: string;
}

export interface CodeFacts {
  /** What it says of itself at its beginning. */
  doc?: NamedFact;
  /** Where it begins when it is started as a program. */
  main?: Span;
  readonly imports: ImportFact[];
  readonly exports: NamedFact[];
  readonly environment: EnvironmentFact[];
  readonly calls: CallFact[];
  readonly texts: NamedFact[];
  readonly tests: NamedFact[];
  /** Names that are made while it runs: of modules, and of variables of the environment. */
  readonly computed: { readonly modules: Span[]; readonly variables: Span[] };
  /** Where the grammar was at a loss. */
  readonly faults: Span[];
}

export const noFacts = (): CodeFacts => ({
  imports: [],
  exports: [],
  environment: [],
  calls: [],
  texts: [],
  tests: [],
  computed: { modules: [], variables: [] },
  faults: [],
});

/** The first sentence of a comment or text. */
export function firstSentenceOf(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return /^.*?[.!?](?=\s|$)/.exec(words)?.[0] ?? words;
}

export interface Walk {
  readonly text: string;
  readonly facts: CodeFacts;
}

/** What is looked for, by the kind of node that says it. */
export type Visits = Readonly<Record<string, (walk: Walk, node: SyntaxNodeRef) => void>>;

/** What the visits find in all of a tree. */
export function factsIn(text: string, tree: Tree, visits: Visits): CodeFacts {
  const walk: Walk = { text, facts: noFacts() };
  tree.iterate({
    enter: (node) => {
      visits[node.name]?.(walk, node);
      if (node.type.isError) walk.facts.faults.push({ from: node.from, to: node.to });
    },
  });
  return walk.facts;
}
