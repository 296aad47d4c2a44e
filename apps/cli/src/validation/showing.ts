// `labmesh validation show`: a claim, how it stands, and what was measured as far as it may be seen.
import { curator } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { z } from 'zod';
import { showFacts } from '../output/facts.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';
import { STATE_STYLES } from './state.js';

type Shown = z.output<typeof curator.tools.get_validation.output>;

export function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('a claim, how it stands, and what was reported')
    .argument('<validation>', 'its id, as ls gives it');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli validation show val_…\n  npx @labmesh/cli validation show val_… --json | jq -r .validation.state',
    )
    .action((validationId: string) =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(curator, 'get_validation', { validationId });
        output.answer(found, () => showValidation(output, found));
        if (found.reports === null)
          output.note('What is reported shows once you have reported yourself, or it has ended.');
      }),
    );
}

function showValidation(output: Output, { validation, reports }: Shown): void {
  const { title, validationId, state, method, ...said } = validation;
  output.line(`${output.style('bold', printable(title))}  ${output.style('dim', validationId)}`);
  output.line(output.style(STATE_STYLES[state], state));
  output.line();
  output.line(printable(method));
  output.line();
  showFacts(output, [
    ['dataset', `${said.datasetId}, version ${said.version}${said.sharesData ? ', shared while it is open' : ''}`],
    ['its SHA-256', said.datasetSha256],
    ['model', said.modelSha256],
    ['claimed', said.claimed === null ? 'hidden until you have reported' : `${said.metric} ${said.claimed}`],
    ['agreed', said.agreed],
    ['tolerance', said.tolerance],
    ['reports', `${said.reportsMade}, ${said.reportsWanted} must agree`],
    ['asked', said.askedAt],
    ['until', said.deadline],
    ['ended', said.endedAt],
  ]);
  if (reports === null || reports.length === 0) return;
  output.line();
  output.table(
    ['MEASURED', 'ROWS', 'AGREES', 'WHEN', 'SIGNED BY', 'EVIDENCE'],
    reports.map(({ measured, rows, agrees, reportedAt, publicKey, evidence, mine }) => [
      { text: mine ? `${measured} (you)` : measured, style: 'bold' },
      rows,
      agrees === null ? '' : agrees ? 'yes' : 'no',
      reportedAt,
      publicKey ?? 'nobody',
      evidence,
    ]),
  );
}
