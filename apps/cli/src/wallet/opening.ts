// `labmesh wallet create` and `templates`: wallets from the ready-made templates.
import { AppError, chancellor, GRANTABLE_ROLES } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { addConnectionOptions, type Session } from '../session.js';

type Role = (typeof GRANTABLE_ROLES)[number];

interface CreateOptions {
  readonly template?: Role;
  readonly role?: Role;
  readonly label?: string;
  readonly owner?: string;
}

export function addCreate(group: Command, session: Session): void {
  const command = group
    .command('create')
    .description('open a wallet with a role')
    .addOption(new Option('--template <name>', 'what it is opened from, see templates').choices(GRANTABLE_ROLES))
    .addOption(new Option('--role <role>', 'the same: each template has the name of its role').choices(GRANTABLE_ROLES))
    .option('--label <text>', 'whose it is')
    .option('--owner <id>', 'a verified id outside the lab, such as an ORCID: one wallet each, also when asked again');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet create --role researcher --label "Field team"\n  npx @labmesh/cli wallet create --template validator --owner 0000-0002-1825-0097',
    )
    .action(({ template, role = template, label, owner }: CreateOptions) =>
      session.run(command, async ({ lab, output }) => {
        if (role === undefined) throw new AppError('invalid_input', 'Say what it is opened from: --role researcher');
        if (template !== undefined && template !== role)
          throw new AppError('invalid_input', 'Say --template or --role, not two different ones.');
        const wallet = await lab.use(chancellor, 'create_boilerplate_wallet', { role, label, owner });
        output.answer(wallet, () => output.line(wallet.walletId));
        output.note(
          `A ${wallet.role}’s wallet. Its first token: npx @labmesh/cli token create --wallet ${wallet.walletId}`,
        );
      }),
    );
}

export function addTemplates(group: Command, session: Session): void {
  const command = group
    .command('templates')
    .description('what wallets can be opened from: role, earning rate, spending limits, toolset');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli wallet templates\n  npx @labmesh/cli wallet templates --json | jq ".templates[].permissions"',
    )
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const found = await lab.use(chancellor, 'list_wallet_templates', {});
        output.answer(found, () =>
          output.table(
            ['TEMPLATE', 'WHAT IT IS', 'ROLE', 'EARNS', 'PER PAYMENT', 'PER DAY', 'TOOLSETS', 'PERMISSIONS'],
            found.templates.map(({ name, title, role, earningRate, limits, toolset, permissions }) => [
              { text: name, style: 'bold' },
              title,
              role,
              `x ${earningRate}`,
              limits.perTransaction ?? 'any',
              limits.perDay ?? 'any',
              toolset.join(' '),
              permissions.length,
            ]),
          ),
        );
      }),
    );
}
