// `labmesh role`: what roles may do, and which one a wallet has.
import { GRANTABLE_ROLES, type Role, sentinel } from '@labmesh/contracts';
import { Argument, type Command } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';

const HELP = `
Examples:
  npx @labmesh/cli role list
  npx @labmesh/cli role set wal_… researcher
  npx @labmesh/cli role explain curator_submit_dataset --wallet wal_…`;

export function addRole(program: Command, session: Session): void {
  const group = program
    .command('role')
    .description('what roles may do, and which one a wallet has')
    .addHelpText('after', HELP);
  addList(group, session);
  addSet(group, session);
  addExplain(group, session);
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('every role and its permissions, under the policy in force')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli role list --json');
  addConnectionOptions(command).action(() =>
    session.run(command, async ({ lab, output }) => {
      const { permissions, inForce } = await lab.use(sentinel, 'list_policies', { limit: 1 });
      const all = [...new Set(permissions.flatMap((role) => role.permissions))].sort();
      output.answer({ policyVersion: inForce, roles: permissions }, () =>
        output.table(
          ['PERMISSION', ...permissions.map(({ role }) => role.toUpperCase())],
          all.map((permission) => [
            permission,
            ...permissions.map((role) => (role.permissions.includes(permission) ? 'yes' : '')),
          ]),
        ),
      );
      output.note(`By version ${inForce} of the policy: npx @labmesh/cli policy show`);
    }),
  );
}

const SET_HELP = `
It takes effect everywhere within a second. Credentials given out before go on working, with no more than the new role allows.
At a terminal you are asked; --yes answers.

Example:
  npx @labmesh/cli role set wal_… researcher`;

function addSet(group: Command, session: Session): void {
  const command = group
    .command('set')
    .description('give a wallet another role, for the operator')
    .argument('<walletId>', 'whose')
    .addArgument(new Argument('<role>', 'one of the ready-made').choices(GRANTABLE_ROLES))
    .option('--yes', 'do not ask')
    .addHelpText('after', SET_HELP);
  addConnectionOptions(command).action(
    (walletId: string, role: Exclude<Role, 'operator'>, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Make ${walletId} a ${role}?`, yes });
        const done = await lab.use(sentinel, 'set_role', { walletId, role });
        output.answer(done, () => {
          output.line(`${done.walletId}: ${done.before} -> ${done.role}`);
          for (const permission of done.gained) output.line(output.style('green', `  gained ${permission}`));
          for (const permission of done.lost) output.line(output.style('red', `  lost ${permission}`));
        });
      }),
  );
}

interface ExplainOptions {
  readonly wallet?: string;
}

function addExplain(group: Command, session: Session): void {
  const command = group
    .command('explain')
    .description('why a tool may be used or not, and what would change that')
    .argument('<tool>', 'as npx @labmesh/cli tools lists it')
    .option('--wallet <id>', 'for this wallet; yours when left out')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli role explain curator_submit_dataset --wallet wal_…');
  addConnectionOptions(command).action((tool: string, { wallet: walletId }: ExplainOptions) =>
    session.run(command, async ({ lab, output }) => {
      const told = await lab.use(sentinel, 'explain_access', { tool, walletId });
      output.answer(told, () => {
        output.line(
          `${output.style(told.allowed ? 'green' : 'red', told.allowed ? 'allowed' : 'denied')}  ${told.reason}`,
        );
        for (const change of told.changes) output.line(`  ${change}`);
      });
    }),
  );
}
