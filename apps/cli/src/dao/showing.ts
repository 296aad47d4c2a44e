// `labmesh dao show`: how a proposal stands: its text, votes, quorum, what it would change, and when.
import { chancellor } from '@labmesh/contracts';
import type { Command } from 'commander';
import { type Fact, showFacts } from '../output/facts.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';
import { nextStep, type Proposal, STATE_STYLES } from './state.js';

const BAR = 30;

export function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('how a proposal stands: text, votes, quorum, changes, timeline')
    .argument('<proposal>', 'its id, as list gives it');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli dao show prop_…\n  npx @labmesh/cli dao show prop_… --json | jq -r .state',
    )
    .action((proposalId: string) =>
      session.run(command, async ({ lab, output }) => {
        const proposal = await lab.use(chancellor, 'propose_dao_governance', { proposalId });
        output.answer(proposal, () => showProposal(output, proposal));
      }),
    );
}

function showProposal(output: Output, proposal: Proposal): void {
  const { title, proposalId, state, voting, proposer, text, quorum, voters, power, voted } = proposal;
  output.line(`${output.style('bold', title)}  ${output.style('dim', proposalId)}`);
  output.line(`${output.style(STATE_STYLES[state], state)}  voting: ${voting}  by ${printable(proposer)}`);
  output.line();
  output.line(printable(text));
  output.line();
  showChoices(output, proposal);
  output.line();
  const part = barOf(quorum.counted, quorum.needed);
  const needed = quorum.needed === null ? 'not known before the snapshot' : `${quorum.needed} needed`;
  showFacts(output, [
    ['quorum', `${part}${quorum.counted} counted, ${needed}${quorum.reached ? ', reached' : ''}`],
    ['voters', String(voters)],
    ['your power', power === null ? null : `${power} $webxos${voted ? ', used' : ''}`],
    ...timelineOf(proposal),
  ]);
  if (proposal.changes.length > 0) {
    output.line();
    output.table(
      ['PARAMETER', 'NOW', 'WOULD BE', 'BY CHOICE', 'MEANING'],
      proposal.changes.map(({ parameter, now, value, choice, meaning }) => [parameter, now, value, choice, meaning]),
    );
  }
  const next = nextStep(proposal);
  if (next !== undefined) output.note(next);
}

function showChoices(output: Output, { choices, winner }: Proposal): void {
  const most = choices.reduce((best, { score }) => (Number(score) > Number(best) ? score : best), '0');
  output.table(
    ['', 'CHOICE', 'SCORE', ''],
    choices.map(({ number, text, score, support, rounded }) => [
      number,
      number === winner ? { text, style: 'green' } : text,
      `${rounded === true ? '≈ ' : ''}${score}${support === undefined ? '' : ` (support ${support})`}`,
      barOf(score, most),
    ]),
  );
}

function timelineOf({ createdAt, votesUntil, timeline }: Proposal): Fact[] {
  return [
    ['proposed', createdAt],
    ['votes after', timeline.votesAfter],
    ['votes until', `${votesUntil}${timeline.extended ? ', prolonged: the quorum was reached late' : ''}`],
    ['queued', timeline.queuedAt],
    ['executable from', timeline.executableFrom],
    ['expires', timeline.expiresAt],
    ['executed', timeline.executedAt],
    ['canceled', timeline.canceledAt],
  ];
}

/** For the eye only: what decides is exact, and the lab's. */
function barOf(part: string, whole: string | null): string {
  const ratio = whole === null || Number(whole) === 0 ? undefined : Math.min(1, Number(part) / Number(whole));
  if (ratio === undefined) return '';
  const full = Math.floor(ratio * BAR);
  return `[${'='.repeat(full)}${'.'.repeat(BAR - full)}] `;
}
