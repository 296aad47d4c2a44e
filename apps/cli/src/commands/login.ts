// `labmesh login` and `labmesh logout`: one sign-in for all commands, instead of a token in each. Neither prints a secret.
import { AppError } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { showFacts } from '../output/facts.js';
import { addConnectionOptions, type Session } from '../session.js';
import { proofOf } from '../sign-in/proof.js';
import type { SignedOut } from '../sign-in/sign-out.js';

const HELP = `
Proves once who you are, by a client key or a one-time sign-in link, and keeps an access token and the refresh token that
renews it, for 30 days, in a file that only you can read. Every command then uses it for this lab. Give the key or link on
standard input or with --token-file; at a terminal you are asked, and what you type is not shown.

A key is made by npx @labmesh/cli token create --kind client_key, or by your operator. A link is what npx @labmesh/cli open
prints where somebody is signed in already. A key that may not make tokens is kept itself.

Examples:
  npx @labmesh/cli login --url https://lab.example.org
  npx @labmesh/cli login --token-file my.key
  npx @labmesh/cli open --no-browser | ssh laptop npx @labmesh/cli login --url https://lab.example.org`;

export function addLogin(program: Command, session: Session): void {
  const command = program.command('login').description('sign in at a lab, for every command after it');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((options: { tokenFile?: string }) =>
      session.offline(command, async ({ output, host }) => {
        const { url } = await session.target(command);
        const proof = await proofOf(options.tokenFile, host);
        const { signIn } = await import('../sign-in/sign-in.js');
        const { config, version } = session;
        const done = await signIn({ url, proof, places: config.places, version, signal: host.signal });
        output.answer(done, () => {
          const who = done.walletId === null ? 'with a key for some tools' : `as ${done.walletId} (${done.role})`;
          output.line(`Signed in at ${url} ${who}${done.until === null ? '' : `, until ${done.until}`}.`);
        });
        if (!done.renewed) output.note('The key may not make tokens, so it is kept itself.');
      }),
    );
}

const LOGOUT_HELP = `
Withdraws the sign-in at the lab, with all access tokens that came of it, and forgets it here. A client key that was kept
itself stays good: npx @labmesh/cli token revoke
withdraws it.

Example:
  npx @labmesh/cli logout`;

export function addLogout(program: Command, session: Session): void {
  const command = program.command('logout').description('end the sign-in that login began');
  addConnectionOptions(command)
    .addOption(new Option('--all', 'at every lab').default(false))
    .addHelpText('after', LOGOUT_HELP)
    .action(({ all }: { all: boolean }) =>
      session.offline(command, async ({ output, host }) => {
        const { signedInAt, signOut } = await import('../sign-in/sign-out.js');
        const { config, version } = session;
        const labs = all ? await signedInAt(config.places) : [(await session.target(command)).url];
        const ended: SignedOut[] = [];
        for (const url of labs) ended.push(await signOut({ url, places: config.places, version, signal: host.signal }));
        if (!all && ended[0]?.outcome === 'nobody')
          throw new AppError('not_found', `Nobody is signed in at ${ended[0].url} from here.`);
        output.answer({ labs: ended }, () =>
          showFacts(
            output,
            ended.map(({ url, outcome }): [string, string] => [url, OUTCOMES[outcome]]),
          ),
        );
      }),
    );
}

const OUTCOMES = {
  withdrawn: 'signed out; its tokens are good no more',
  forgotten: 'forgotten here; the lab did not answer, so the tokens end by themselves',
  key_kept: 'forgotten here; the client key is still good',
  nobody: 'nobody was signed in',
} as const;
