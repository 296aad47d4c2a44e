// `labmesh policy`: what the lab decides by: shown, tried, set and set back.
import { AppError, sentinel, type ToolOutput } from '@labmesh/contracts';
import type { Command } from 'commander';
import { jsonArguments } from '../arguments/typed-arguments.js';
import { wholeNumber } from '../dataset/numbers.js';
import { confirmed } from '../output/confirmed.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

type SetAnswer = ToolOutput<(typeof sentinel.tools)['set_policy']>;

const HELP = `
Examples:
  npx @labmesh/cli policy show > policy.json
  npx @labmesh/cli policy set policy.json --note "No writes at night" --dry-run
  npx @labmesh/cli policy restore 3 --note "Back to what worked"`;

export function addPolicy(program: Command, session: Session): void {
  const group = program
    .command('policy')
    .description('what the lab decides by: shown, tried, set and set back')
    .addHelpText('after', HELP);
  addShow(group, session);
  addHistory(group, session);
  addSet(group, session);
  addRestore(group, session);
}

function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('the policy as JSON, as set takes it')
    .option('--release <version>', 'an earlier one', wholeNumber)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli policy show > policy.json');
  addConnectionOptions(command).action(({ release: version }: { release?: number }) =>
    session.run(command, async ({ lab, output }) => {
      const { shown, inForce } = await lab.use(sentinel, 'list_policies', { version, limit: 1 });
      output.document(shown.policy);
      output.note(`Version ${shown.version}; in force is ${inForce}.`);
    }),
  );
}

function addHistory(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('the versions of the policy, the newest first')
    .option('--limit <count>', 'how many', wholeNumber, 20)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli policy list');
  addConnectionOptions(command).action(({ limit }: { limit: number }) =>
    session.run(command, async ({ lab, output }) => {
      const { versions, inForce, nextBefore } = await lab.use(sentinel, 'list_policies', { limit });
      output.answer({ inForce, versions, ...(nextBefore === undefined ? {} : { nextBefore }) }, () =>
        output.table(
          ['VERSION', 'AT', 'BY', 'NOTE', 'WHAT CHANGED'],
          versions.map(({ version, at, by, note, changes }) => [
            {
              text: version === inForce ? `${version} (in force)` : String(version),
              style: version === inForce ? 'green' : 'dim',
            },
            at ?? '-',
            by ?? '-',
            note,
            changes.join('; '),
          ]),
        ),
      );
      if (nextBefore !== undefined) output.note(`There are older ones: --limit ${limit * 2}`);
    }),
  );
}

interface SetOptions {
  readonly note: string;
  readonly base?: number;
  readonly dryRun: boolean;
  readonly sinceHours?: number;
  readonly yes?: boolean;
}

const SET_HELP = `
Replaces the whole policy, in every process within a second; at a terminal you are asked. With --dry-run nothing is set: it says
which recorded calls would have been decided otherwise. --base makes sure that nobody's change is lost.

Examples:
  npx @labmesh/cli policy set policy.json --note "No writes at night" --dry-run
  npx @labmesh/cli policy set policy.json --note "No writes at night" --base 3`;

const addSetOptions = (command: Command): Command =>
  command
    .requiredOption('--note <text>', 'why, for those who look back')
    .option('--base <version>', 'refused when another one is in force', wholeNumber)
    .option('--since-hours <hours>', 'with --dry-run: how far back to look', wholeNumber)
    .option('--dry-run', 'set nothing, and say what would change', false)
    .option('--yes', 'do not ask');

function addSet(group: Command, session: Session): void {
  const command = group
    .command('set')
    .description('set the whole policy, for the operator')
    .argument('<file>', 'JSON, as show prints it; - for standard input');
  addConnectionOptions(addSetOptions(command))
    .addHelpText('after', SET_HELP)
    .action((file: string, options: SetOptions) =>
      session.run(command, async (work) => {
        const policy = await jsonArguments(file === '-' ? '-' : `@${file}`, work.host);
        await set(work, { policy: policy as never }, options);
      }),
    );
}

function addRestore(group: Command, session: Session): void {
  const command = group
    .command('restore')
    .description('set an earlier version again, for the operator')
    .argument('<version>', '0 is the built-in one', wholeNumber);
  addConnectionOptions(addSetOptions(command))
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli policy restore 3 --note "Back to what worked"')
    .action((restore: number, options: SetOptions) => session.run(command, (work) => set(work, { restore }, options)));
}

async function set(
  { lab, output, host }: Work,
  what: { readonly policy: never } | { readonly restore: number },
  { note, base: baseVersion, dryRun, sinceHours, yes }: SetOptions,
): Promise<void> {
  if (sinceHours !== undefined && !dryRun) throw new AppError('invalid_input', '--since-hours is for --dry-run.');
  if (!dryRun) await confirmed(host, { ask: 'Set this policy for the whole lab?', yes });
  const done = await lab.use(sentinel, 'set_policy', { ...what, note, baseVersion, dryRun, sinceHours });
  output.answer(done, () => show(output, done, dryRun));
}

function show(output: Output, { version, set: isSet, changes, traffic }: SetAnswer, dryRun: boolean): void {
  output.line(
    isSet
      ? `Version ${version} is in force.`
      : dryRun
        ? 'Nothing was set.'
        : `Version ${version} says the same already.`,
  );
  for (const change of changes) output.line(`  ${change}`);
  if (traffic === undefined) return;
  output.line();
  output.line(
    `Of ${traffic.calls} calls since ${traffic.from}: ${traffic.wouldDeny} would be denied, ${traffic.wouldAllow} allowed.`,
  );
  if (traffic.changed.length === 0) return;
  output.table(
    ['WALLET', 'ROLE', 'TOOL', 'BEFORE', 'AFTER', 'CALLS', 'RULE'],
    traffic.changed.map(({ walletId, role, tool, before, after, calls, rule }) => [
      walletId,
      role,
      tool,
      before,
      after,
      calls,
      rule,
    ]),
  );
}
