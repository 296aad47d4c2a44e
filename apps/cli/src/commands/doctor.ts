// `labmesh doctor`: what is wrong and how to mend it, from Node to the token. It changes nothing, and works without a lab.
import { AppError } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { CheckState, Finding } from '../doctor/checks.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Looks at Node, packages and build, the lab's folder, its lock and disk, modes of secret files, the gateway and its port, the
clock, your token, bus, database and queue. Exit code 0 when nothing is wrong, warnings or not; 1 when something is.

Examples:
  npx @labmesh/cli doctor
  npx @labmesh/cli doctor --json | jq '.findings[] | select(.state == "error")'`;

export function addDoctor(program: Command, session: Session): void {
  const command = program.command('doctor').description('what is wrong and how to mend it');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action(() =>
      session.offline(command, async ({ output, host }) => {
        const { findings } = await import('../doctor/doctor.js');
        const { homeOf } = await import('../lab/operator-token.js');
        const { config, version } = session;
        const { url } = await session.target(command);
        const { credential, failure: credentialFailure } = await credentialOf(session, command);
        const home = await homeOf({ cwd: host.cwd, home: config.home });
        const patient = {
          config,
          version,
          url,
          credential,
          credentialFailure,
          home,
          cwd: host.cwd,
          signal: host.signal,
        };
        const found: Finding[] = [];
        for await (const finding of findings(patient)) found.push(finding);
        const wrong = found.some(({ state }) => state === 'error');
        output.answer({ ok: !wrong, findings: found }, () => show(output, found));
        if (wrong) session.exitCode = 1;
      }),
    );
}

/** A token that cannot be had is a finding, not the end. */
async function credentialOf(session: Session, command: Command) {
  try {
    const { credential } = await session.connection(command);
    return { credential, failure: undefined };
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'cancelled') throw thrown;
    return { credential: undefined, failure: thrown.message };
  }
}

const STYLES = { ok: 'green', warning: 'yellow', error: 'red', skipped: 'dim' } as const satisfies Record<
  CheckState,
  string
>;

function show(output: Output, found: readonly Finding[]): void {
  output.table(
    ['CHECK', 'STATE', 'WHAT'],
    found.map(({ check, state, message }) => [check, { text: state, style: STYLES[state] }, message]),
  );
  const mending = found.filter(({ remedy }) => remedy !== null);
  if (mending.length > 0) output.line();
  for (const { check, state, remedy } of mending)
    output.line(`${output.style(STYLES[state], check)}: ${output.style('bold', remedy ?? '')}`);
}
