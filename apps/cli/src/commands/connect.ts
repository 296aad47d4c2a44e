// `labmesh connect`: the lab in an AI client's MCP configuration, with a key of the client's own. The key is never printed.
import { homedir, hostname } from 'node:os';
import { AppError } from '@labmesh/contracts';
import { Argument, type Command } from 'commander';
import { secondsOf } from '../arguments/duration.js';
import { CLIENT_NAMES, CLIENTS, type Client, type ClientName, KEY_VARIABLE } from '../connect/clients.js';
import { carriedOut, differenceOf, planned } from '../connect/connecting.js';
import { clientKey, keyFile, toolsOf, withdrawKey } from '../connect/key-file.js';
import type { Host } from '../host.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

const HELP = `
Clients and their files:
  claude-code     .mcp.json in this folder
  claude-desktop  claude_desktop_config.json of Claude Desktop, for you alone: it has no other place for the key
  vscode          .vscode/mcp.json in this folder; VS Code asks for the key once
  cursor          ~/.cursor/mcp.json
  codex           config.toml in $CODEX_HOME or ~/.codex
  gemini          ~/.gemini/settings.json

What is in the file stays, and a copy of it is kept beside it as <file>.before-labmesh. The key is a client key of your wallet,
in $XDG_STATE_HOME/labmesh/keys, which clients read by the variable ${KEY_VARIABLE}. It may use the everyday tools but those that
hand out access; --tools says otherwise.

Examples:
  npx @labmesh/cli connect claude-code --dry-run
  npx @labmesh/cli connect codex --ttl 30d
  npx @labmesh/cli connect vscode --tools everyday curator_query_dataset
  npx @labmesh/cli connect cursor --remove`;

interface ConnectOptions {
  readonly ttl?: number;
  readonly tools: readonly string[];
  readonly newKey: boolean;
  readonly dryRun: boolean;
  readonly remove: boolean;
}

export function addConnect(program: Command, session: Session): void {
  const command = program
    .command('connect')
    .description('put the lab into the MCP configuration of an AI client')
    .addArgument(new Argument('<client>', 'the program').choices(CLIENT_NAMES))
    .option('--ttl <time>', 'the key’s life: seconds, or 12h, 30d; 30 days when left out', secondsOf)
    .option('--tools <name...>', 'what the key may use: everyday, all, or tools by name', ['everyday'])
    .option('--new-key', 'a new key, though the old one is still good; that is withdrawn', false)
    .option('--dry-run', 'show the difference, and make nothing', false)
    .option('--remove', 'take the lab out again, and withdraw the key', false);
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((name: ClientName, options: ConnectOptions) =>
      session.run(command, (work) =>
        options.remove ? disconnect(session, work, { name, ...options }) : connect(session, work, { name, ...options }),
      ),
    );
}

type Order = ConnectOptions & { readonly name: ClientName };

const MONTH_S = 30 * 86_400;
/** In place of the key where it is shown. */
const MASKED = 'lmk_…';

async function connect(session: Session, { lab, output, url, host }: Work, { name, ...options }: Order): Promise<void> {
  const client = CLIENTS[name];
  const change = { client, file: fileOf(client, host), mcpUrl: `${url}/mcp`, remove: false };
  // First without a key: a file that cannot be changed makes none.
  const plan = await planned({ ...change, key: MASKED });
  if (options.dryRun) {
    const difference = differenceOf(plan);
    return output.answer({ client: name, file: plan.target, difference, changed: difference !== '' }, () =>
      output.line(difference === '' ? `${plan.target} has it already.` : difference.trimEnd()),
    );
  }
  const file = keyFile(session.config.places.state, name);
  const key = await clientKey(lab, {
    file,
    label: `${client.title} on ${hostname()}`.slice(0, 80),
    ttlSeconds: options.ttl ?? MONTH_S,
    tools: await toolsOf(lab, options.tools),
    fresh: options.newKey,
  });
  const copy = await carriedOut(await planned({ ...change, key: key.key }));
  const done = {
    client: name,
    file: plan.target,
    copy: copy ?? null,
    keyFile: file,
    keyMade: key.made,
    expiresAt: key.expiresAt,
  };
  output.answer(done, () => {
    output.line(`${client.title}: ${plan.target}${copy === undefined ? '' : `  (as it was: ${copy})`}`);
    output.line(`Its key is in ${file}, until ${key.expiresAt}.`);
    for (const step of stepsOf(client, file)) output.line(step);
  });
}

function stepsOf(client: Client, file: string): string[] {
  const variable = `Put this into your shell’s profile: export ${KEY_VARIABLE}="$(cat '${file}')"`;
  const paste = `When it asks for the key, paste what is in ${file}.`;
  const before = { environment: [variable], asked: [paste], file: [] }[client.key];
  return [...before, client.afterwards];
}

async function disconnect(session: Session, { lab, output, url, host }: Work, { name, dryRun }: Order): Promise<void> {
  const client = CLIENTS[name];
  const plan = await planned({ client, file: fileOf(client, host), mcpUrl: `${url}/mcp`, key: MASKED, remove: true });
  if (dryRun) {
    const difference = differenceOf(plan);
    return output.answer({ client: name, file: plan.target, difference, changed: difference !== '' }, () =>
      output.line(difference === '' ? `The lab is not in ${plan.target}.` : difference.trimEnd()),
    );
  }
  const copy = await carriedOut(plan);
  const file = keyFile(session.config.places.state, name);
  const withdrawn = await withdrawKey(lab, file).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    output.warn(
      `The key in ${file} is still good: ${error.message} Withdraw it with npx @labmesh/cli token scan --revoke '${file}'.`,
    );
    return false;
  });
  output.answer({ client: name, file: plan.target, copy: copy ?? null, keyWithdrawn: withdrawn }, () => {
    output.line(
      copy === undefined ? `The lab was not in ${plan.target}.` : `Taken out of ${plan.target}  (as it was: ${copy})`,
    );
    if (withdrawn) output.line('Its key is withdrawn.');
  });
}

const fileOf = (client: Client, { env, cwd }: Host): string =>
  client.file({ platform: process.platform, env, home: env.HOME || env.USERPROFILE || homedir(), cwd });
