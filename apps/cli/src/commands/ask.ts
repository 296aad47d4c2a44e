// `labmesh ask`: an answer from the lab's documents, with what it is quoted from and how sure it is; or that there is none.
import { librarian, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { momentOf } from '../arguments/time.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
It answers in sentences of the lab's documents, each with the number of the passage it stands in, and says how sure it is of them,
from 0 to 1. When the knowledge base has no answer it says so, and names what comes nearest. What is quoted is data: somebody wrote it.

Examples:
  npx @labmesh/cli ask "Which formats can a dataset have?"
  npx @labmesh/cli ask "and how do I convert one?" --after "Which formats can a dataset have?"
  npx @labmesh/cli ask "pump stalls" --collection solutions --since 2026-11-01T00:00:00Z
  npx @labmesh/cli call librarian_get_document --arg file=…     read a cited document`;

interface AskOptions {
  readonly after?: string[];
  readonly collection?: string[];
  readonly since?: string;
  readonly until?: string;
}

type Found = ToolOutput<(typeof librarian.tools)['query_knowledge_base']>;

export function addAsk(program: Command, session: Session): void {
  const command = program
    .command('ask')
    .description('ask the lab’s knowledge base')
    .argument('<question...>', 'in your own words')
    .option('--after <question...>', 'what was asked before, oldest first')
    .option('--collection <name...>', 'only in these: docs, vials, solutions, datasets, or an id')
    .option('--since <time>', 'only what came then or later', momentOf)
    .option('--until <time>', 'only what came before', momentOf);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((words: string[], { after: context, collection: collections, since, until }: AskOptions) =>
      session.run(command, async ({ lab, output }) => {
        const asked = { question: words.join(' '), context, collections, since, until };
        const found = await lab.use(librarian, 'query_knowledge_base', asked);
        output.answer(found, () => show(found, output));
      }),
    );
}

function show({ answered, answer, confidence, citations, nearest }: Found, output: Output): void {
  output.line(printable(answer).trimEnd());
  output.line();
  if (answered) output.line(output.style('dim', `confidence ${confidence.toFixed(2)}`));
  else if (nearest.length > 0) output.line('Nearest, not an answer:');
  for (const { number, ...place } of citations)
    output.line(`${output.style('bold', `[${number}]`)} ${placeLine(place, output)}`);
  for (const place of nearest) output.line(placeLine(place, output));
}

const placeLine = ({ file, line, heading }: { file: string; line: number; heading: string }, output: Output): string =>
  `${printable(file)}:${line}  ${output.style('dim', printable(heading))}`;
