// `labmesh ledger`: the lab's books as a whole.
import { AppError, chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';

type Verdict = z.output<typeof chancellor.tools.verify_ledger.output>;

const HELP = `
Every balance is computed again from its entries. The exit code is 6 when anything is wrong.

Examples:
  npx @labmesh/cli ledger verify
  npx @labmesh/cli ledger verify --json | jq '.checks[] | select(.wrong > 0)'`;

export function addLedger(program: Command, session: Session): void {
  const group = program
    .command('ledger')
    .description('the lab’s books')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli ledger verify');
  const command = group.command('verify').description('recompute the books and check every invariant');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const verdict = await lab.use(chancellor, 'verify_ledger', {});
        output.answer(verdict, () => showVerdict(output, verdict));
        if (verdict.clean) return;
        const broken = verdict.checks.filter(({ wrong }) => wrong > 0).map(({ check }) => check);
        throw new AppError('conflict', `The books do not add up: ${broken.join(', ')}.`);
      }),
    );
}

function showVerdict(output: Output, { clean, accounts, transactions, entries, checks, issued, at }: Verdict): void {
  const verdict = clean ? output.style('green', 'clean') : output.style('red', 'broken');
  output.line(
    `${verdict}  ${accounts} accounts, ${transactions} transactions, ${entries} entries; ${issued} $webxos issued; ${at}`,
  );
  output.line();
  output.table(
    ['CHECK', 'CHECKED', 'WRONG', 'EXAMPLES'],
    checks.map(({ check, checked, wrong, examples }) => [
      wrong > 0 ? { text: check, style: 'red' } : check,
      checked,
      wrong,
      examples.join(' '),
    ]),
  );
}
