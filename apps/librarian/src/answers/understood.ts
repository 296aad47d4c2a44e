// What a question asks for: its words with what each counts, and its meaning, with those of the questions that it goes on from.
import { tokenize } from '@labmesh/search';
import type { Corpus, Scope } from '../corpus/corpus.js';
import { meantBy } from './follow-up.js';
import { synonymsIn } from './thesaurus.js';

/** Words of a question say more than those of the questions it goes on from. */
const OWN_TIMES = 2;

/**
 * Words that ask, and say little about what is asked for: in documents, which do not ask, they are rare, and would count most.
 * General English verbs, pronouns and quantities, and what all of it is called; a word that may name something in a lab never
 * belongs here.
 */
const ASKING = new Set(
  tokenize(`get gets got getting go goes going gone give gave given make makes making made take takes took taken put
    puts do want wants wanted need needs needed like use uses used using try see saw seen show look looks looking find
    found know knew known tell told say said mean means happen happens happened come comes came keep keeps bring
    brings brought turn turns let lets begin thing things something anything everything nothing somebody someone anybody
    anyone everyone nobody everybody way ways kind kinds sort much many lot lots several few one ones another new
    really actually simply still already also ever never always often possible able help whole good best better
    case time exactly right work works working lab labmesh`),
);
const ASKING_SHARE = 0.3;
/** Said for emphasis. */
const FILLERS = /\b(?:on earth|in the world|the heck|the hell|by the way|of course)\b/gi;
/** What a word that means the same counts beside the one that was asked. */
export const SYNONYM_SHARE = 0.4;

export interface Understood {
  readonly question: string;
  /** With those that it goes on from. */
  readonly whole: string;
  /** As the index is asked for them. */
  readonly terms: readonly string[];
  /** How much the index counts each. */
  readonly shares: ReadonlyMap<string, number>;
  /** Each term of the question once: how much of the question it is. */
  readonly weights: ReadonlyMap<string, number>;
  /** Share of the question, from 0 to 1, that nothing in the scope holds. */
  readonly unknown: number;
  /** How much it asks for, from 0 to 1: its share of itself with one more word that nothing holds. */
  readonly substance: number;
  /** Of terms of the question, those that mean the same. */
  readonly synonyms: ReadonlyMap<string, readonly string[]>;
}

export function understood(corpus: Corpus, { question, context }: Asking, scope: Scope): Understood {
  const own = tokenize(question.replace(FILLERS, ' '));
  const meant = meantBy(question, context);
  const before = meant.flatMap((earlier) => tokenize(earlier));
  const terms = meant.length === 0 ? own : [...Array.from({ length: OWN_TIMES }, () => own).flat(), ...before];
  const shares = new Map(terms.map((term) => [term, ASKING.has(term) ? ASKING_SHARE : 1]));
  const weights = new Map(
    [...corpus.inverseFrequencies(terms, scope)].map(([term, weight]) => [term, weight * (shares.get(term) ?? 1)]),
  );
  const whole = [question, ...meant].join(' . ');
  const synonyms = synonymsIn(
    whole,
    [...shares].filter(([, share]) => share === 1).map(([term]) => term),
  );
  const others = [...new Set([...synonyms.values()].flat())].filter((term) => !shares.has(term));
  for (const term of others) shares.set(term, SYNONYM_SHARE);
  return {
    question,
    whole,
    terms: [...terms, ...others],
    shares,
    weights,
    synonyms,
    ...weightIn(weights, shares, corpus.inverseFrequencies([NOWHERE], scope).get(NOWHERE) ?? 0),
  };
}

export interface Asking {
  readonly question: string;
  /** Earlier questions, oldest first. */
  readonly context: readonly string[];
}

/** A term that no text has. */
const NOWHERE = ' ';

/** What the question weighs, and what of it nothing holds. */
function weightIn(
  weights: ReadonlyMap<string, number>,
  shares: ReadonlyMap<string, number>,
  highest: number,
): Pick<Understood, 'unknown' | 'substance'> {
  let [unknown, whole] = [0, 0];
  for (const [term, weight] of weights) {
    whole += weight;
    if (weight >= highest * (shares.get(term) ?? 1)) unknown += weight;
  }
  return whole === 0
    ? { unknown: 0, substance: 0 }
    : { unknown: unknown / whole, substance: whole / (whole + highest) };
}
