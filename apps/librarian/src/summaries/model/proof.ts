// What of a model's answer is told: statements whose cited lines are there, were shown to it, and speak of the same. The rest is counted
// by why. It is a check of words, not of truth: cited lines go with each statement, so that people can see for themselves.
import { type SummaryCitation, SummaryStatement } from '@labmesh/contracts';
import { cite, quoted, type TextFile } from '@labmesh/projects/summary';
import { tokenize } from '@labmesh/search';
import { z } from 'zod';
import { CITATIONS_MAX, CITED_LINES_MAX, STATEMENTS_MAX, TEXT_MAX } from './summary-prompt.js';

/** Read in parts, so that one odd statement does not cost the others. */
export const ModelAnswer = z.strictObject({ statements: z.array(z.unknown()).max(STATEMENTS_MAX * 5) });
const Claimed = z.strictObject({
  section: SummaryStatement.shape.section,
  text: z.string().min(1).max(TEXT_MAX),
  citations: z
    .array(z.strictObject({ file: z.string(), from: z.int(), to: z.int() }))
    .max(CITATIONS_MAX * 2)
    .default([]),
});
type Claimed = z.output<typeof Claimed>;

export interface Sources {
  readonly files: ReadonlyMap<string, TextFile>;
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
}

export const WHY_LEFT = {
  form: 'not of the form that was asked for',
  uncited: 'without a citation',
  place: 'citing lines that do not exist or that it was not shown',
  words: 'citing lines that speak of something else',
  names: 'with names, addresses or numbers that do not stand in the cited lines',
  orders: 'citing lines that tell a model what to say',
  more: 'more than were asked for',
} as const;
export type WhyLeft = keyof typeof WHY_LEFT;

export interface Proven {
  readonly statements: readonly SummaryStatement[];
  readonly left: readonly WhyLeft[];
}

export function proven(answer: z.output<typeof ModelAnswer>, sources: Sources): Proven {
  const statements = new Map<string, SummaryStatement>();
  const left: WhyLeft[] = [];
  for (const one of answer.statements) {
    const claimed = Claimed.safeParse(one);
    const told = claimed.success ? statementOf(claimed.data, sources) : 'form';
    if (typeof told === 'string') left.push(told);
    else if (statements.size === STATEMENTS_MAX) left.push('more');
    else statements.set(`${told.section} ${told.text}`, told);
  }
  return { statements: [...statements.values()], left };
}

function statementOf({ section, text, citations }: Claimed, sources: Sources): SummaryStatement | WhyLeft {
  if (citations.length === 0) return 'uncited';
  const places = citations.map((citation) => placeOf(citation, sources));
  if (!places.every((place) => place !== undefined)) return 'place';
  const lines = places.map(({ file, from, to }) => file.lines.slice(from - 1, to));
  const orders = places.map(({ file, from }, at) => (lines[at] ?? []).map((_, row) => isOrder(file.lines, from + row)));
  const words = lines.map((rows, at) => rows.filter((_, row) => orders[at]?.[row] !== true).join('\n'));
  const claims = significant(text);
  const shared = places.map((_, at) => new Set([...significant(words[at] ?? '')].filter((term) => claims.has(term))));
  const all = new Set(shared.flatMap((terms) => [...terms]));
  if (shared.some(({ size }) => size === 0) || all.size < needed(claims.size))
    return orders.flat().includes(true) ? 'orders' : 'words';
  const paths = [...sources.files.keys()];
  if (!literalsOf(text).every((name) => [...words, ...paths].some((place) => place.includes(name)))) return 'names';
  const cited = places.map((place, at) => quotedPart(place, shared[at] ?? all));
  const [first] = cited;
  if (first === undefined || !cited.every((one) => one !== undefined)) return 'words';
  const proofs = cited.map(({ citation }) => citation);
  return {
    section,
    subject: first.subject,
    text: quoted(text.replace(/[\p{Cc}\p{Cf}]/gu, ' '), TEXT_MAX),
    by: 'model',
    citations: proofs,
  };
}

interface Place {
  readonly file: TextFile;
  readonly from: number;
  readonly to: number;
}

/** Undefined for lines that are not there, that the model cannot know, or that are too many to prove anything. */
function placeOf({ file: path, from, to }: Claimed['citations'][number], { files, lines }: Sources): Place | undefined {
  const [file, shown] = [files.get(path), lines.get(path)];
  if (file === undefined || shown === undefined || from < 1 || to < from || to - from >= CITED_LINES_MAX)
    return undefined;
  for (let line = from; line <= to; line += 1) if (!shown.has(line) || line > file.lines.length) return undefined;
  return { file, from, to };
}

/** Words that stand in any program, and so prove nothing. */
const EVERYWHERE = new Set(
  'import export from return function const class def self this true false none null undefined string number int bool float void type types interface public private static async await new var let for while else file files code project module modules program line lines use uses used name names value values data get set run with main'
    .split(' ')
    .flatMap((word) => [word, ...tokenize(word)]),
);
const significant = (text: string): ReadonlySet<string> =>
  new Set(tokenize(text).filter((term) => [...term].length > 2 && !EVERYWHERE.has(term)));
/** A long statement says more than one word can prove. */
const needed = (claims: number): number => (claims > 5 ? 2 : 1);

/** What must stand in the lines as it is written: code in backticks, addresses, numbers of two digits and more. */
const literalsOf = (text: string): string[] => [
  ...[...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name.trim()),
  ...[...text.matchAll(/\b(?:https?:\/\/|www\.)[^\s"'<>)\]]+/gi)].map(([address]) => address.replace(/[.,;:!?]+$/, '')),
  ...[...text.matchAll(/(?<![\p{L}\p{N}.])\d[\d.,]*\d/gu)].map(([number]) => number),
];

/** How texts speak to a language model that reads them. */
const ORDERS = new RegExp(
  [
    '\\b(?:ignore|disregard|forget|override)\\b.{0,40}\\b(?:above|previous|prior|earlier|preceding|instructions?|prompts?|guidelines)\\b',
    '\\byou are (?:now )?(?:an? |the )?(?:\\w+ )?(?:ai|assistant|llm|language model|chatbot)\\b',
    '\\b(?:ais?|llms?|language models?|assistants?|chatbots?)\\b.{0,40}\\b(?:must|should|shall|have to|are to|has to)\\b.{0,20}\\b(?:say|claim|state|report|write|tell|answer|reply|describe|mention|recommend)\\b',
    '(?:^|[.!?:;] |\\band |\\bplease )(?:say|claim|state|pretend|report|write) that\\b',
    '\\bsystem prompt\\b|<\\|?(?:system|im_start)|\\[\\[(?:end of )?data',
  ].join('|'),
  'i',
);
/** Whether a line tells a model what to say, or stands beside one that does: an order may take several. Such lines prove nothing. */
export function isOrder(lines: readonly string[], line: number): boolean {
  const joined = (from: number): string =>
    lines
      .slice(Math.max(0, from - 1), from + 1)
      .map((one) =>
        one
          .slice(0, ORDER_MAX)
          .trim()
          .replace(/^[#/*>;-]+ ?/, ''),
      )
      .join(' ');
  return ORDERS.test(joined(line)) || ORDERS.test(joined(line - 1));
}
/** Of longer lines the beginning is looked at. */
const ORDER_MAX = 4_000;

const QUOTED_LINES = 6;

/** The lines of a place that say most of it, and the word in them that says it. */
function quotedPart(
  { file, from, to }: Place,
  shared: ReadonlySet<string>,
): { readonly subject: string; readonly citation: SummaryCitation } | undefined {
  const has = (text: string): string[] => [...new Set(tokenize(text).filter((term) => shared.has(term)))];
  let best = { at: from, terms: 0 };
  for (let at = from; at === from || at + QUOTED_LINES - 1 <= to; at += 1) {
    const terms = has(file.lines.slice(at - 1, Math.min(to, at + QUOTED_LINES - 1)).join('\n')).length;
    if (terms > best.terms) best = { at, terms };
  }
  const last = Math.min(to, best.at + QUOTED_LINES - 1);
  const words =
    file.lines
      .slice(best.at - 1, last)
      .join('\n')
      .match(/[\p{L}\p{M}\p{N}_]{1,80}/gu) ?? [];
  const subject = words.filter((word) => has(word).length > 0).sort((one, other) => other.length - one.length)[0];
  const citation = subject === undefined ? undefined : cite({ file, from: best.at, to: last }, subject);
  return subject === undefined || citation === undefined ? undefined : { subject, citation };
}
