// Attacks by what is written in arguments. They go slowly, between honest work, so that only the text can give them away.
import type { Random } from '../random.js';
import type { Deed } from '../simulated-call.js';
import { type Campaign, paced } from './campaign.js';
import { COMMAND_INJECTION, PATH_TRAVERSAL, SCRIPT_INJECTION, SQL_INJECTION, TEMPLATE_INJECTION } from './payloads.js';

/** Places where a caller may write freely. */
const PLACES: ReadonlyArray<(text: string) => Deed> = [
  (text) => ({ agent: 'curator', tool: 'list_available_datasets', arguments: { query: text.slice(0, 200) } }),
  (text) => ({ agent: 'librarian', tool: 'query_knowledge_base', arguments: { question: text } }),
  (text) => ({
    agent: 'librarian',
    tool: 'get_document',
    arguments: { file: text.slice(0, 200) },
    outcome: 'not_found',
  }),
  (text) => ({
    agent: 'librarian',
    tool: 'log_new_solution',
    arguments: {
      title: 'Dry pumps',
      problem: `The pump of the old chamber is noisy ${text}`,
      solution: 'Replace the filter and calibrate the gauge.',
    },
  }),
  (text) => ({
    agent: 'curator',
    tool: 'submit_dataset',
    arguments: { name: `run 7 ${text}`.slice(0, 120), format: 'csv', content: 'time,value\n2026-01-01,4' },
  }),
  (text) => ({
    agent: 'curator',
    tool: 'submit_dataset',
    arguments: { name: 'Daily pressure', format: 'csv', content: `time,note\n2026-01-01,${text}\n2026-01-02,stable` },
  }),
  (text) => ({ agent: 'sentinel', tool: 'generate_wallet_token', arguments: { label: text.slice(0, 80) } }),
];

const everywhere = (texts: readonly string[], random: Random): Deed[] => texts.map((text) => random.pick(PLACES)(text));

const byText = (name: string, summary: string, texts: readonly string[]): Campaign => ({
  name,
  shows: 'content',
  summary,
  calls: ({ random, victim, start }) => paced(everywhere(texts, random), victim, { random, start, pauseMs: 240_000 }),
});

export const CONTENT_CAMPAIGNS: readonly Campaign[] = [
  byText('sql-injection', 'Pieces of SQL in names, queries and notes', SQL_INJECTION),
  byText('path-traversal', 'Paths that lead out of a folder, plain and encoded', PATH_TRAVERSAL),
  byText('command-injection', 'Shell commands behind separators and in substitutions', COMMAND_INJECTION),
  byText('template-injection', 'Expressions that a template engine would run', TEMPLATE_INJECTION),
  byText('script-injection', 'Markup that a page would run', SCRIPT_INJECTION),
];
