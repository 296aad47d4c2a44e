// `labmesh token scan`: finds leaked keys in files, and, where it is asked to, has the lab say which are good and withdraws them.
// The lab gets hashes and ids, never a key that was found.
import {
  AppError,
  FIND_TOKENS_MAX,
  FINGERPRINT_CHARS,
  sentinel,
  type ToolOutput,
  toAppError,
} from '@labmesh/contracts';
import type { Command } from 'commander';
import type { Lab } from '../lab/lab.js';
import type { Output } from '../output/output.js';
import { type FoundLeak, type Scanned, scan } from '../scan/scan.js';
import { addConnectionOptions, type Session } from '../session.js';

type Known = ToolOutput<(typeof sentinel.tools)['find_tokens']>['tokens'][number];
type KnownTokens = ReadonlyMap<string, Known>;

interface ScanFlags {
  readonly check: boolean;
  readonly revoke: boolean;
}

const MIB = 1_048_576;

const HELP = `
Finds client keys and refresh tokens by their form and checksum, and access tokens by theirs. Nothing leaves this machine
unless --check or --revoke is given; then the lab gets SHA-256 hashes and token ids, never a key. Links are not followed,
binary files and .git are passed over. Ends with exit code 6 when something was found.

Examples:
  npx @labmesh/cli token scan notebooks/ .env
  git log -p --all | npx @labmesh/cli token scan -
  npx @labmesh/cli token scan --revoke ~/projects`;

export function addTokenScan(group: Command, session: Session): void {
  const command = group
    .command('scan')
    .description('find leaked keys of the lab in files and folders')
    .argument('<path...>', 'files and folders; - for standard input')
    .option('--check', 'ask the lab which of them are good', false)
    .option('--revoke', 'ask the lab, and withdraw those that are good', false);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((paths: string[], flags: ScanFlags) =>
      session.offline(command, async ({ output, host }) => {
        const onFound = (leak: FoundLeak): void => {
          if (!output.forScripts) output.line(lineOf(leak));
        };
        const onProgress = (files: number, bytes: number): void =>
          output.progress({ progress: files, message: `files, ${(bytes / MIB).toFixed(1)} MiB` });
        const scanned = await scan({ paths, host, onFound, onProgress });
        const asked = (flags.check || flags.revoke) && scanned.found.length > 0;
        const answer = asked ? await ask(session, command, { scanned, flags }).catch(toAppError) : undefined;
        // What was found is told also when the lab does not answer.
        const known = answer instanceof AppError ? undefined : answer;
        output.answer(documentOf(scanned, known), () => summary(output, scanned, known));
        if (answer instanceof AppError) throw answer;
        if (scanned.found.length > 0) throw new AppError('conflict', failureOf(scanned, known));
      }),
    );
}

const lineOf = ({ file, line, column, kind, masked, hash }: FoundLeak): string =>
  `${file}:${line}:${column}  ${kind}  ${masked}  ${hash.slice(0, FINGERPRINT_CHARS)}`;

/** What the lab knows of what was found; what was good and is withdrawn now is told as revoked. */
async function ask(
  session: Session,
  command: Command,
  { scanned, flags }: { scanned: Scanned; flags: ScanFlags },
): Promise<KnownTokens> {
  const known = new Map<string, Known>();
  await session.run(command, async ({ lab }) => {
    for (const token of await knownOf(lab, scanned.found)) known.set(token.tokenId, token);
    if (!flags.revoke) return;
    // The one that is used for this, if it leaked too, is the last.
    const good = [...known.values()].filter(({ state }) => state === 'good');
    for (const token of good.sort((a, b) => Number(a.current) - Number(b.current))) {
      await lab.use(sentinel, 'revoke_token', { tokenId: token.tokenId });
      known.set(token.tokenId, { ...token, state: 'revoked' });
    }
  });
  return known;
}

async function knownOf(lab: Lab, found: readonly FoundLeak[]): Promise<Known[]> {
  const hashes = [...new Set(found.filter(({ tokenId }) => tokenId === undefined).map(({ hash }) => hash))];
  const tokenIds = [...new Set(found.flatMap(({ tokenId }) => tokenId ?? []))];
  const known: Known[] = [];
  for (let from = 0; from < Math.max(hashes.length, tokenIds.length); from += FIND_TOKENS_MAX) {
    const page = {
      hashes: hashes.slice(from, from + FIND_TOKENS_MAX),
      tokenIds: tokenIds.slice(from, from + FIND_TOKENS_MAX),
    };
    known.push(...(await lab.use(sentinel, 'find_tokens', page)).tokens);
  }
  return known;
}

const knownAs = (known: KnownTokens | undefined, { hash, tokenId }: FoundLeak): Known | undefined =>
  [...(known?.values() ?? [])].find((token) => token.tokenId === tokenId || token.hash === hash);

const documentOf = ({ found, ...scanned }: Scanned, known: KnownTokens | undefined) => ({
  ...scanned,
  asked: known !== undefined,
  found: found.map((leak) => {
    const token = knownAs(known, leak);
    return token === undefined
      ? leak
      : { ...leak, tokenId: token.tokenId, state: token.state, walletId: token.walletId };
  }),
});

function summary(output: Output, scanned: Scanned, known: KnownTokens | undefined): void {
  const { files, bytes, binary, unreadable, found } = scanned;
  for (const file of unreadable) output.note(`cannot read ${file}`);
  if (known !== undefined) {
    for (const { tokenId, kind, state, walletId, label } of known.values())
      output.line(`${tokenId}  ${kind}  ${state}  ${walletId}${label === undefined ? '' : `  ${label}`}`);
    const good = [...known.values()].filter(({ state }) => state === 'good');
    if (good.length > 0) output.note('Withdraw them with --revoke, or one by one:');
    for (const { tokenId } of good) output.note(`  npx @labmesh/cli token revoke ${tokenId}`);
  } else if (found.length > 0) {
    output.note('Ask the lab which of them are good with --check; withdraw those with --revoke.');
  }
  output.note(`${files} files, ${(bytes / MIB).toFixed(1)} MiB, ${binary} binary files passed over`);
}

function failureOf({ found, truncated }: Scanned, known: KnownTokens | undefined): string {
  const places = new Set(found.map(({ file }) => file)).size;
  const good = [...(known?.values() ?? [])].filter(({ state }) => state === 'good').length;
  const live = known === undefined ? '' : `, ${good} of them good at the lab`;
  return `Found ${truncated ? 'more than ' : ''}${found.length} keys or tokens in ${places} places${live}. Take them out of there, too.`;
}
