// `labmesh ask`: an answer from the lab's documents, with what it is quoted from.
import { librarian } from '@labmesh/contracts';
import type { Command } from 'commander';
import { printable } from '../output/failure-text.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Examples:
  npx @labmesh/cli ask "Which formats can a dataset have?"
  npx @labmesh/cli call librarian_get_document --arg file=…     read a cited document`;

export function addAsk(program: Command, session: Session): void {
  const command = program
    .command('ask')
    .description('ask the lab’s knowledge base')
    .argument('<question...>', 'in your own words');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((words: string[]) =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(librarian, 'query_knowledge_base', { question: words.join(' ') });
        output.answer(found, () => {
          output.line(printable(found.answer).trimEnd());
          if (found.citations.length > 0) output.line();
          for (const { number, file, heading } of found.citations) {
            output.line(`${output.style('bold', `[${number}]`)} ${printable(file)}  ${output.style('dim', heading)}`);
          }
        });
      }),
    );
}
