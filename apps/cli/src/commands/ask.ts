// `labmesh ask`: an answer from the lab's documents, with what it is quoted from and how sure it is; or that there is none. With --model
// a language model answers, in a new conversation.
import { randomUUID } from 'node:crypto';
import { AppError, librarian, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { momentOf } from '../arguments/time.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { ownProject } from '../project/own-project.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

const HELP = `
It answers in sentences of the lab's documents, each with the number of the passage it stands in, and says how sure it is of them,
from 0 to 1. When the knowledge base has no answer it says so, and names what comes nearest. What is quoted is data: somebody wrote it.
A misspelt word is read as it was meant, and the question as it was read is told.

With --model one of the lab's language models answers instead, in a conversation that is kept. It is offered no tool here.

Examples:
  npx @labmesh/cli ask "Which formats can a dataset have?"
  npx @labmesh/cli ask "and how do I convert one?" --after "Which formats can a dataset have?"
  npx @labmesh/cli ask "pump stalls" --collection solutions --since 2026-11-01T00:00:00Z
  npx @labmesh/cli ask "Which catalogue does the notebook read?" --project flare-study
  npx @labmesh/cli ask "Which source file reads CSV?" --collection code
  npx @labmesh/cli ask "Explain the DONKI catalogue in three sentences" --model
  npx @labmesh/cli call librarian_get_document --arg file=…     read a cited document`;

interface AskOptions {
  readonly after?: string[];
  readonly collection?: string[];
  readonly since?: string;
  readonly until?: string;
  readonly project?: string;
  /** True without a name: the lab's default. */
  readonly model?: string | true;
}

type Found = ToolOutput<(typeof librarian.tools)['query_knowledge_base']>;

export function addAsk(program: Command, session: Session): void {
  const command = program
    .command('ask')
    .description('ask the lab’s knowledge base')
    .argument('<question...>', 'in your own words')
    .option('--after <question...>', 'what was asked before, oldest first')
    .option('--collection <name...>', 'only in these: docs, vials, solutions, datasets, code, or an id')
    .option('--since <time>', 'only what came then or later', momentOf)
    .option('--until <time>', 'only what came before', momentOf)
    .option('--project <project>', 'only what belongs to this project of yours, by its name or id')
    .option('--model [name]', 'let a language model answer: this one, or the default of the lab');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((words: string[], { after: context, collection: collections, since, until, project, model }: AskOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        if (model !== undefined) {
          if ([context, collections, since, until, project].some((given) => given !== undefined))
            throw new AppError(
              'invalid_input',
              'With --model the question alone is asked: leave the other options out.',
            );
          return askModel({ lab, output }, words.join(' '), model === true ? undefined : model);
        }
        const part = { collections, since, until, project: await ownProject({ lab, host }, project) };
        const asked = { question: words.join(' '), context, ...part };
        const found = await lab.use(librarian, 'query_knowledge_base', asked);
        output.answer(found, () => show(found, output));
      }),
    );
}

async function askModel(
  { lab, output }: Pick<Work, 'lab' | 'output'>,
  text: string,
  model: string | undefined,
): Promise<void> {
  const answered = await lab.use(librarian, 'converse', {
    conversationId: randomUUID(),
    answerId: randomUUID(),
    messages: [{ messageId: randomUUID(), parentId: null, role: 'user', parts: [{ type: 'text', text }] }],
    tools: [],
    model,
  });
  const { conversationId, message } = answered;
  output.answer(answered, () => {
    for (const part of message.parts) if (part.type === 'text') output.line(printable(part.text).trimEnd());
  });
  if (message.cutShort) output.note('It is cut short: the model stopped at its limit of tokens.');
  output.note(`Kept: npx @labmesh/cli conversation show ${conversationId}`);
}

function show({ answered, answer, confidence, citations, nearest, readAs }: Found, output: Output): void {
  if (readAs !== undefined) output.note(`Read as: ${printable(readAs)}`);
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
