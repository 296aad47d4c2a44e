// `labmesh project check`: every rule over a project's folder, on this machine, with what the lab knows where one answers.
import { resolve } from 'node:path';
import { AppError, chancellor, type ProjectFinding } from '@labmesh/contracts';
import { type LabFacts, mendFolder, readCard, readDiskFacts, readFolder, walletStateOf } from '@labmesh/projects';
import { lookThrough, PROJECT_RULES, unknownRules } from '@labmesh/projects/rules';
import type { Command } from 'commander';
import type { Output } from '../output/output.js';
import { Lab } from '../lab/lab.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Leaked and missing secrets, ports, wallets, addresses that do not answer, configuration files against their schemas, versions,
unused and missing dependencies. Without a lab, or with --offline, what only a lab knows is left out. Nothing is uploaded.
Exit code 6 when a finding of severity error is left.

Examples:
  npx @labmesh/cli project check
  npx @labmesh/cli project check flare-study --fix
  npx @labmesh/cli project check --rule secret-in-file --offline`;

interface CheckOptions {
  readonly fix: boolean;
  readonly rule: readonly string[];
  readonly offline: boolean;
}

export function addCheck(group: Command, session: Session): void {
  const command = group
    .command('check')
    .description('look a project through')
    .argument('[folder]', 'the project’s; this one when left out')
    .option('--fix', 'mend what is safe to mend', false)
    .option('--rule <id>', 'only this rule; may be repeated', (value, before: string[]) => [...before, value], [])
    .option('--offline', 'ask no lab', false);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((dir: string | undefined, options: CheckOptions) =>
      session.offline(command, async ({ output, host }) => {
        const rules = options.rule.length === 0 ? undefined : options.rule;
        const unknown = unknownRules(rules ?? []);
        if (unknown.length > 0)
          throw new AppError(
            'invalid_input',
            `There is no rule ${unknown.join(', ')}: there are ${PROJECT_RULES.map(({ id }) => id).join(', ')}.`,
          );
        const folder = resolve(host.cwd, dir ?? '.');
        const plain = await readFolder(folder);
        const files = await readFolder(folder, { also: readCard(plain)?.files.map(({ path }) => path) ?? [] });
        const lab = options.offline ? {} : await factsOf(session, command);
        const asked = { ...(rules === undefined ? {} : { rules }), applyFixes: options.fix, signal: host.signal };
        const looked = await lookThrough({ files, disk: await readDiskFacts(folder) }, lab, asked);
        if (options.fix) await mendFolder(folder, files, looked);
        const left = looked.findings.filter(({ fixed }) => !fixed);
        const ok = left.every(({ severity }) => severity !== 'error');
        output.answer({ ok, checked: looked.checked, findings: looked.findings }, () => show(output, looked.findings));
        output.note(
          `${looked.checked} files, ${left.length} findings, ${looked.findings.length - left.length} mended.${lab.wallet === undefined ? ' No lab was asked.' : ''}`,
        );
        if (!ok) session.exitCode = 6;
      }),
    );
}

const STYLES = { error: 'red', warning: 'yellow', info: 'dim' } as const;

function show(output: Output, findings: readonly ProjectFinding[]): void {
  output.table(
    ['SEVERITY', 'WHERE', 'RULE', 'WHAT'],
    findings.map(({ severity, path, line, rule, message, fixed }) => [
      { text: fixed ? 'mended' : severity, style: fixed ? 'green' : STYLES[severity] },
      path === null ? '-' : `${path}${line === null ? '' : `:${line}`}`,
      rule,
      message,
    ]),
  );
  const remedies = new Set(
    findings
      .filter(({ fixed }) => !fixed)
      .map(({ rule, remedy, fixable }) => `${rule}: ${remedy}${fixable ? ' (--fix does it)' : ''}`),
  );
  if (remedies.size > 0) output.line();
  for (const remedy of remedies) output.line(output.style('dim', remedy));
}

const ANSWERS_WITHIN_MS = 3_000;
const NOT_FOUND = 404;

/** What the lab knows; nothing where none answers, or nobody is signed in. */
async function factsOf(session: Session, command: Command): Promise<LabFacts> {
  const { host, version, config } = session;
  const { url, credential } = await session.connection(command);
  if (credential === undefined) return {};
  const lab = new Lab({ url, version, credential, cache: config.places.cache, signal: host.signal });
  try {
    const { walletId: wallet } = await lab.use(chancellor, 'get_balance', {});
    return {
      wallet,
      labUrl: url,
      walletState: (id) => walletStateOf(id, wallet, (walletId) => lab.use(chancellor, 'get_wallet', { walletId })),
      answers: (address) => answers(address, host.signal),
    };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    return {};
  }
}

/** No token goes along: the address is the project's, and may be anybody's. */
async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  try {
    const both = AbortSignal.any([signal, AbortSignal.timeout(ANSWERS_WITHIN_MS)]);
    const reply = await fetch(url, { redirect: 'manual', signal: both });
    await reply.body?.cancel();
    return reply.status !== NOT_FOUND;
  } catch {
    return false;
  }
}
