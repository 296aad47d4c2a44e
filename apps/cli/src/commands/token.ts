// `labmesh token create`: the one command that prints a secret, because making it is its purpose.
import { type Permission, sentinel } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { secondsOf } from '../arguments/duration.js';
import { addConnectionOptions, type Session } from '../session.js';

interface TokenOptions {
  readonly wallet?: string;
  readonly kind: 'access' | 'client_key';
  readonly ttl?: number;
  readonly permission?: Permission[];
  readonly tool?: string[];
  readonly label?: string;
}

const HELP = `
The token goes to standard output, alone; what it is goes to standard error. It is shown once.

Examples:
  export LABMESH_TOKEN=$(labmesh token create)
  labmesh token create --kind client_key --ttl 30d --label "Notebook"
  labmesh token create --wallet wal_… --permission dataset:read --tool curator_fetch_dataset`;

export function addToken(program: Command, session: Session): void {
  const group = program.command('token').description('make credentials');
  const command = group
    .command('create')
    .description('make a token for a wallet')
    .option('--wallet <id>', 'whose; your own when left out')
    .addOption(
      new Option('--kind <kind>', 'access: an hour at most; client_key: 90 days at most')
        .choices(['access', 'client_key'])
        .default('access'),
    )
    .option('--ttl <time>', 'its life: seconds, or 15m, 12h, 30d; the most when left out', secondsOf)
    .option('--permission <permission...>', 'fewer permissions than the role has')
    .option('--tool <name...>', 'the only tools it may use')
    .option('--label <text>', 'what it is for');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((options: TokenOptions) =>
      session.run(command, async ({ lab, output }) => {
        const made = await lab.use(sentinel, 'generate_wallet_token', {
          kind: options.kind,
          walletId: options.wallet,
          ttlSeconds: options.ttl,
          permissions: options.permission,
          toolset: options.tool,
          label: options.label,
        });
        output.answer(made, () => output.line(output.style('bold', made.token)));
        output.note(
          `${made.kind} of ${made.walletId} (${made.role}), until ${made.expiresAt}. Keep it: it is not shown again.`,
        );
      }),
    );
}
