// `labmesh anomaly`: what was unusual, what was done about it, and what became of it. Never the text of a call.
import { ANOMALY_MODELS, ANOMALY_VERDICTS, sentinel, type ToolOutput } from '@labmesh/contracts';
import { Argument, type Command, Option } from 'commander';
import { momentOf } from '../arguments/time.js';
import { wholeNumber } from '../dataset/numbers.js';
import { gathered } from '../lab/gathered.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';

type Anomaly = ToolOutput<(typeof sentinel.tools)['anomaly_report']>['anomalies'][number];

const HELP = `
Examples:
  npx @labmesh/cli anomaly list --state open
  npx @labmesh/cli anomaly resolve ano_… false_alarm --note "A new notebook"
  npx @labmesh/cli anomaly scan --from 2026-11-21`;

export function addAnomaly(program: Command, session: Session): void {
  const group = program
    .command('anomaly')
    .description('what was unusual, what was done about it, what became of it')
    .addHelpText('after', HELP);
  addList(group, session);
  addResolve(group, session);
  addScan(group, session);
}

interface ListOptions {
  readonly state?: 'open' | 'resolved';
  readonly wallet?: string;
  readonly model?: (typeof ANOMALY_MODELS)[number];
  readonly from?: string;
  readonly to?: string;
  readonly limit: number;
}

const PAGE_MAX = 200;

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('anomalies, the newest first')
    .addOption(new Option('--state <state>', 'only these').choices(['open', 'resolved']))
    .option('--wallet <id>', 'of this wallet')
    .addOption(new Option('--model <model>', 'that this model found').choices(ANOMALY_MODELS))
    .option('--from <time>', 'not before', momentOf)
    .option('--to <time>', 'before', momentOf)
    .option('--limit <count>', 'how many', wholeNumber, 50)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli anomaly list --state open');
  addConnectionOptions(command).action(({ wallet: walletId, limit: wanted, state, model, from, to }: ListOptions) =>
    session.run(command, async ({ lab, output }) => {
      let open = 0;
      const { rows: anomalies, rest } = await gathered({ wanted, most: PAGE_MAX }, async (limit, before) => {
        const page = await lab.use(sentinel, 'anomaly_report', { state, model, from, to, walletId, limit, before });
        open = page.summary.open;
        return { rows: page.anomalies, nextCursor: page.next };
      });
      output.answer({ anomalies, open, ...rest }, () => showList(output, anomalies));
      output.note(`${open} are open.${rest.nextCursor === undefined ? '' : ` There are more: --limit ${wanted * 2}`}`);
    }),
  );
}

const showList = (output: Output, anomalies: readonly Anomaly[]): void =>
  output.table(
    ['ANOMALY', 'LAST', 'WALLET', 'STATE', 'SCORE', 'CALLS', 'WHAT', 'DONE'],
    anomalies.map(({ id, lastAt, walletId, state, verdict, score, calls, summary, done, restricted }) => [
      id,
      lastAt,
      walletId ?? '-',
      { text: verdict ?? state, style: state === 'open' ? 'red' : 'dim' },
      Number(score.toFixed(3)),
      calls,
      summary,
      { text: done, style: restricted ? 'yellow' : 'dim' },
    ]),
  );

const RESOLVE_HELP = `
Ends what was done to the wallet, everywhere within a second, and resolves its other open anomalies with it; --only leaves those.
At a terminal you are asked; --yes answers.

Example:
  npx @labmesh/cli anomaly resolve ano_… false_alarm --note "A new notebook"`;

interface ResolveOptions {
  readonly note?: string;
  readonly only: boolean;
  readonly yes?: boolean;
}

function addResolve(group: Command, session: Session): void {
  const command = group
    .command('resolve')
    .description('say what an anomaly was, and end what was done to the wallet')
    .argument('<anomaly>', 'its id, as list has it')
    .addArgument(new Argument('<verdict>', 'what it was').choices(ANOMALY_VERDICTS))
    .option('--note <text>', 'for whoever reads it later')
    .option('--only', 'leave the wallet’s other open anomalies', false)
    .option('--yes', 'do not ask')
    .addHelpText('after', RESOLVE_HELP);
  addConnectionOptions(command).action(
    (anomalyId: string, verdict: (typeof ANOMALY_VERDICTS)[number], { note, only, yes }: ResolveOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Resolve ${anomalyId} as ${verdict}?`, yes });
        const done = await lab.use(sentinel, 'resolve_anomaly', { anomalyId, verdict, note, others: !only });
        output.answer(done, () => {
          output.line(`Resolved ${[anomalyId, ...done.alsoResolved].join(', ')}.`);
          if (done.lifted) output.line('The wallet is kept from nothing any more.');
        });
      }),
  );
}

interface ScanOptions {
  readonly from: string;
  readonly to?: string;
  readonly wallet?: string;
  readonly limit?: number;
}

function addScan(group: Command, session: Session): void {
  const command = group
    .command('scan')
    .description('score recorded calls anew with the model of today; nothing is stored, nobody is restricted')
    .requiredOption('--from <time>', 'since when', momentOf)
    .option('--to <time>', 'until; now when left out', momentOf)
    .option('--wallet <id>', 'of this wallet')
    .option('--limit <count>', 'most calls that are scored, the oldest first', wholeNumber)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli anomaly scan --from 2026-11-21');
  addConnectionOptions(command).action(({ wallet: walletId, from, to, limit }: ScanOptions) =>
    session.run(command, async ({ lab, output }) => {
      const found = await lab.use(sentinel, 'scan_for_anomalies', { from, to, limit, walletId });
      output.answer(found, () =>
        output.table(
          ['WALLET', 'UNUSUAL', 'SCORE', 'LAST', 'WHAT'],
          found.wallets.map(({ walletId: whose, unusual, score, lastAt, summary }) => [
            whose ?? '-',
            unusual,
            Number(score.toFixed(3)),
            lastAt,
            summary,
          ]),
        ),
      );
      output.note(
        `${found.scored} calls scored, ${found.unusual} unusual${found.complete ? '' : '; it ended before the end'}.`,
      );
    }),
  );
}
