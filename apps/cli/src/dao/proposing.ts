// `labmesh dao propose`: a proposal of text alone, or with changes of parameters that are executed once it has passed.
import { readFile } from 'node:fs/promises';
import { AppError, chancellor, VOTING_SYSTEMS, type VotingSystem } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { localFile } from '../dataset/local-file.js';
import { addConnectionOptions, type Session } from '../session.js';
import { keyOf } from '../wallet/intent-key.js';
import { type Change, changeOf } from './changes.js';
import { nextStep } from './state.js';

const HELP = `
Voting is basic (for, against, abstain) unless you say otherwise. A basic vote's changes happen when it passes; in any other
voting say which choice carries a change, by its number: --set 2:governance.quorum=500. What may be changed, and within which
bounds: dao parameters.

Examples:
  npx @labmesh/cli dao propose "Meet on Mondays" --text "At ten, in the long room."
  npx @labmesh/cli dao propose "A higher quorum" -f why.md --set governance.quorum=500
  npx @labmesh/cli dao propose "Which sensor next?" --text "One of these." --voting ranked --choice A4 --choice B7 --choice C1`;

interface ProposeOptions {
  readonly text?: string;
  readonly file?: string;
  readonly voting?: VotingSystem;
  readonly choice?: string[];
  readonly set?: Change[];
  readonly key?: string;
}

export function addPropose(group: Command, session: Session): void {
  const command = group
    .command('propose')
    .description('make a proposal, of text or with changes of parameters')
    .argument('<title>', 'what it is about, in one line')
    .option('--text <text>', 'what you propose, and why')
    .option('-f, --file <file>', 'the text, from a file')
    .addOption(new Option('--voting <system>', 'how is voted').choices(VOTING_SYSTEMS))
    .option('--choice <text>', 'a choice, for any voting but basic; repeat it', collect)
    .option('--set <parameter=value>', 'what its execution sets; may be repeated', changeOf)
    .option('--key <key>', 'idempotency key: with the same key it is the same proposal, however often you try', keyOf);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((title: string, options: ProposeOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        const { voting, choice: choices, set: changes, key: idempotencyKey } = options;
        const text = await textOf(options, host.cwd);
        const asked = { title, text, voting, choices, changes, idempotencyKey };
        const made = await lab.use(chancellor, 'propose_dao_governance', asked);
        output.answer(made, () => output.line(made.proposalId));
        for (const { parameter, now, value } of made.changes) output.note(`${parameter}: ${now} -> ${value}`);
        const next = nextStep(made);
        if (next !== undefined) output.note(next);
      }),
    );
}

const collect = (value: string, before: readonly string[] = []): string[] => [...before, value];

async function textOf({ text, file }: ProposeOptions, cwd: string): Promise<string> {
  if (text !== undefined && file === undefined) return text;
  if (file !== undefined && text === undefined) return readFile((await localFile(file, cwd)).path, 'utf8');
  throw new AppError('invalid_input', 'Say what you propose: with --text, or with -f from a file.');
}
