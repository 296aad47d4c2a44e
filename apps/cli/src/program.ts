// The command line's words: which commands there are, and what each explains about itself.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { type CliConfig, DEFAULT_URL } from './config.js';
import type { Host } from './host.js';
import { addConnectionOptions, Session } from './session.js';

const VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version;

const EXAMPLES = `
Examples:
  npx @labmesh/cli open                                     sign in to the lab's page
  npx @labmesh/cli status                                   who answers, and how the lab is
  npx @labmesh/cli tools curator_fetch_dataset              what a tool takes
  npx @labmesh/cli call curator_list_available_datasets --arg limit=5
  npx @labmesh/cli ask "Which formats can a dataset have?"
  npx @labmesh/cli dataset submit pumps.csv --license CC-BY-4.0
  npx @labmesh/cli wallet create --role researcher --label "Field team"
  npx @labmesh/cli token create --wallet wal_… --kind client_key --ttl 30d
  npx @labmesh/cli mesh init && npx @labmesh/cli up                  a mesh as processes on this machine
  npx @labmesh/cli sentinel score --model content --text "which formats are there?"

Environment:
  LABMESH_URL     the lab's address (${DEFAULT_URL})
  LABMESH_TOKEN   who you are; on the lab's own machine .labmesh/operator.token is found
  LABMESH_HOME    the lab's data folder, where it is not .labmesh
  NO_COLOR        plain text

Exit codes: 0 done, 2 usage or input, 3 no valid token, 4 not allowed, 5 not found, 6 conflict or too little money,
7 the lab or what it needs does not answer, 8 not proved (audit verify), 70 a fault of the lab, 130 cancelled.`;

type Add = (program: Command, session: Session) => void;

/** Each is loaded when it is asked for, all of them to be listed: what one command needs, no other waits for. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  open: async () => (await import('./commands/open.js')).addOpen,
  status: async () => (await import('./commands/status.js')).addStatus,
  tools: async () => (await import('./commands/tools.js')).addTools,
  call: async () => (await import('./commands/call.js')).addCall,
  ask: async () => (await import('./commands/ask.js')).addAsk,
  dataset: async () => (await import('./commands/dataset.js')).addDataset,
  token: async () => (await import('./commands/token.js')).addToken,
  wallet: async () => (await import('./commands/wallet.js')).addWallet,
  dao: async () => (await import('./commands/dao.js')).addDao,
  stake: async () => (await import('./commands/stake.js')).addStake,
  reward: async () => (await import('./commands/reward.js')).addReward,
  ledger: async () => (await import('./commands/ledger.js')).addLedger,
  source: async () => (await import('./commands/source.js')).addSource,
  template: async () => (await import('./commands/template.js')).addTemplate,
  audit: async () => (await import('./commands/audit.js')).addAudit,
  sentinel: async () => (await import('./commands/sentinel.js')).addSentinel,
  up: async () => (await import('./commands/up.js')).addUp,
  down: async () => (await import('./commands/down.js')).addDown,
  mesh: async () => (await import('./commands/mesh.js')).addMesh,
  migrate: async () => (await import('./commands/migrate.js')).addMigrate,
};

/** The command line for these words. Failures are thrown, never printed: the caller knows how. */
export async function createProgram(args: readonly string[], host: Host, config: CliConfig): Promise<Command> {
  const session = new Session({ host, config, version: VERSION });
  const program = new Command('npx @labmesh/cli')
    .description('Runs a LabMesh lab from the terminal: an MCP client of its gateway.')
    .version(VERSION)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void host.stdout.write(text),
      writeErr: (text) => void host.stderr.write(text),
      outputError: () => undefined,
    })
    // An option after a command belongs to that command, so `call --json '{…}'` can mean its own.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .addHelpText('after', EXAMPLES);
  addConnectionOptions(program);
  for (const load of wanted(args)) (await load())(program, session);
  return program;
}

/** The command that is named first; none for the version; all where anything else may have to be said. */
function wanted(args: readonly string[]): ReadonlyArray<() => Promise<Add>> {
  let at = 0;
  while (args[at]?.startsWith('-')) at += args[at] === '--url' || args[at] === '--token' ? 2 : 1;
  const named = Object.hasOwn(COMMANDS, args[at] ?? '') ? COMMANDS[args[at] ?? ''] : undefined;
  if (named !== undefined) return [named];
  return args[0] === '--version' || args[0] === '-V' ? [] : Object.values(COMMANDS);
}
