// `labmesh token`: making, listing and withdrawing credentials. `create` is the one command that prints a secret, because
// making it is its purpose.
import { AppError, AUDIENCES, type Audience, type Permission, sentinel } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { secondsOf } from '../arguments/duration.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session } from '../session.js';
import { addTokenScan } from './token-scan.js';

interface TokenOptions {
  readonly wallet?: string;
  readonly kind: 'access' | 'client_key';
  readonly ttl?: number;
  readonly permission?: Permission[];
  readonly tool?: string[];
  readonly audience?: Audience;
  readonly label?: string;
  readonly refreshable: boolean;
}

const HELP = `
The token goes to standard output, alone; what it is goes to standard error. It is shown once.

Examples:
  export LABMESH_TOKEN=$(npx @labmesh/cli token create)
  npx @labmesh/cli token create --kind client_key --ttl 30d --label "Notebook"
  npx @labmesh/cli token create --wallet wal_… --permission dataset:read --tool curator_fetch_dataset`;

export function addToken(program: Command, session: Session): void {
  const group = program
    .command('token')
    .description('make, list and withdraw credentials, and find leaked ones')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli token create --kind client_key --ttl 30d\n  npx @labmesh/cli token list',
    );
  addList(group, session);
  addRevoke(group, session);
  addTokenScan(group, session);
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
    .addOption(
      new Option(
        '--audience <place>',
        'the only place it is good at: the gateway, or one agent’s own endpoint',
      ).choices(AUDIENCES),
    )
    .option('--label <text>', 'what it is for')
    .option('--refreshable', 'with kind access: also a refresh token, good for up to 30 days', false);
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
          audience: options.audience,
          label: options.label,
          refreshable: options.refreshable,
        });
        output.answer(made, () => output.line(output.style('bold', made.token)));
        if (made.refreshToken !== undefined) output.warn(`refresh token: ${made.refreshToken}`);
        output.note(
          `${made.kind} of ${made.walletId} (${made.role}), until ${made.expiresAt}. Keep it: it is not shown again.`,
        );
      }),
    );
}

interface ListOptions {
  readonly wallet?: string;
  readonly all: boolean;
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .description('list the tokens of a wallet, never the tokens themselves')
    .option('--wallet <id>', 'whose; your own when left out')
    .option('--all', 'also those that are good no more', false)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli token list --all');
  addConnectionOptions(command).action((options: ListOptions) =>
    session.run(command, async ({ lab, output }) => {
      const { wallet: walletId, all } = options;
      const listed = await lab.use(sentinel, 'list_tokens', { walletId, all, limit: 200 });
      output.answer(listed, () =>
        output.table(
          ['TOKEN', 'KIND', 'STATE', 'EXPIRES', 'LAST USED', 'FINGERPRINT', 'LABEL'],
          listed.tokens.map((token) => [
            token.current ? `${token.tokenId} (this one)` : token.tokenId,
            token.audience === undefined ? token.kind : `${token.kind} for ${token.audience}`,
            token.state,
            token.expiresAt,
            token.lastUsedAt ?? 'never',
            token.fingerprint ?? '-',
            token.label ?? '',
          ]),
        ),
      );
      if (listed.nextCursor !== undefined) output.note('There are more: ask sentinel_list_tokens with the cursor.');
    }),
  );
}

interface RevokeOptions {
  readonly wallet?: string;
  readonly dryRun: boolean;
  readonly yes?: boolean;
}

const REVOKE_HELP = `
It cannot be taken back, so at a terminal you are asked; --yes answers. A refresh token takes the access tokens made with it along:
--dry-run says which would end.

Examples:
  npx @labmesh/cli token revoke cred_…
  npx @labmesh/cli token revoke --wallet wal_… --dry-run
  npx @labmesh/cli token revoke --wallet wal_… --yes`;

function addRevoke(group: Command, session: Session): void {
  const command = group
    .command('revoke')
    .description('withdraw one token, or with --wallet all tokens of a wallet; within a second, everywhere')
    .argument('[token-id]', 'as `npx @labmesh/cli token list` shows it')
    .option('--wallet <id>', 'all tokens of this wallet')
    .option('--dry-run', 'say what would be withdrawn, and withdraw nothing', false)
    .option('--yes', 'do not ask')
    .addHelpText('after', REVOKE_HELP);
  addConnectionOptions(command).action((tokenId: string | undefined, options: RevokeOptions) =>
    session.run(command, async ({ lab, output, host }) => {
      if ((tokenId === undefined) === (options.wallet === undefined))
        throw new AppError(
          'invalid_input',
          'Say which: a token id, or --wallet for all of a wallet. See npx @labmesh/cli token list.',
        );
      const which = tokenId ?? `all tokens of ${options.wallet}`;
      const { wallet: walletId, dryRun, yes } = options;
      if (!dryRun) await confirmed(host, { ask: `Withdraw ${which}?`, yes });
      const done = await lab.use(sentinel, 'revoke_token', { tokenId, walletId, dryRun });
      const said = dryRun ? 'Would be withdrawn' : 'Withdrawn';
      output.answer(dryRun ? { wouldEnd: done.tokenIds } : done, () =>
        output.line(`${said}: ${done.tokenIds.join(', ') || 'nothing, none is good any more'}`),
      );
    }),
  );
}
