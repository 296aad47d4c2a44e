// The command line's words: which commands there are, and what each explains about itself.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { DEFAULT_URL } from './config.js';
import { addConnectionOptions, type Session } from './session.js';

export const VERSION = (
  JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

const EXAMPLES = `
Examples:
  npx @labmesh/cli open                                     sign in to the lab's page
  npx @labmesh/cli status                                   who answers, and how the lab is
  npx @labmesh/cli tools curator_fetch_dataset              what a tool takes
  npx @labmesh/cli call curator_list_available_datasets --arg limit=5
  npx @labmesh/cli ask "Which formats can a dataset have?"
  npx @labmesh/cli dataset submit pumps.csv --license CC-BY-4.0
  npx @labmesh/cli job submit -f -- python3 train.py
  npx @labmesh/cli wallet create --role researcher --label "Field team"
  npx @labmesh/cli token create --wallet wal_… --kind client_key --ttl 30d
  npx @labmesh/cli mesh init && npx @labmesh/cli up                  a mesh as processes on this machine
  npx @labmesh/cli sentinel score --model content --text "which formats are there?"

Environment (a flag comes before it, and it before the settings of npx @labmesh/cli config):
  LABMESH_URL                       the lab's address (${DEFAULT_URL})
  LABMESH_TOKEN, LABMESH_TOKEN_FILE who you are; on the lab's own machine .labmesh/operator.token is found
  LABMESH_PROFILE, LABMESH_CONFIG   one of the labs in the settings; another file of settings
  LABMESH_OUTPUT                    table, json, or auto: a table on a terminal and JSON elsewhere
  LABMESH_HOME                      the lab's data folder, where it is not .labmesh
  PAGER, NO_COLOR                   the pager, or none when it is empty; plain text

Exit codes: 0 done, 1 something is wrong (doctor), 2 usage or input, 3 no valid token, 4 not allowed, 5 not found, 6 conflict or too little money,
7 the lab or what it needs does not answer, 8 not proved (audit verify), 70 a fault of the lab, 130 cancelled.`;

type Add = (program: Command, session: Session) => void;

/** Each is loaded when it is asked for, all of them to be listed: what one command needs, no other waits for. */
const COMMANDS: Readonly<Record<string, () => Promise<Add>>> = {
  login: async () => (await import('./commands/login.js')).addLogin,
  logout: async () => (await import('./commands/login.js')).addLogout,
  open: async () => (await import('./commands/open.js')).addOpen,
  status: async () => (await import('./commands/status.js')).addStatus,
  doctor: async () => (await import('./commands/doctor.js')).addDoctor,
  tools: async () => (await import('./commands/tools.js')).addTools,
  call: async () => (await import('./commands/call.js')).addCall,
  ask: async () => (await import('./commands/ask.js')).addAsk,
  conversation: async () => (await import('./commands/conversation.js')).addConversation,
  model: async () => (await import('./commands/model.js')).addModel,
  knowledge: async () => (await import('./commands/knowledge.js')).addKnowledge,
  models: async () => (await import('./commands/models.js')).addModels,
  solution: async () => (await import('./commands/solution.js')).addSolution,
  'explain-error': async () => (await import('./commands/explain-error.js')).addExplainError,
  errors: async () => (await import('./commands/errors.js')).addErrors,
  dataset: async () => (await import('./commands/dataset.js')).addDataset,
  job: async () => (await import('./commands/job.js')).addJob,
  token: async () => (await import('./commands/token.js')).addToken,
  wallet: async () => (await import('./commands/wallet.js')).addWallet,
  dao: async () => (await import('./commands/dao.js')).addDao,
  stake: async () => (await import('./commands/stake.js')).addStake,
  reward: async () => (await import('./commands/reward.js')).addReward,
  ledger: async () => (await import('./commands/ledger.js')).addLedger,
  source: async () => (await import('./commands/source.js')).addSource,
  validation: async () => (await import('./commands/validation.js')).addValidation,
  template: async () => (await import('./commands/template.js')).addTemplate,
  project: async () => (await import('./commands/project.js')).addProject,
  role: async () => (await import('./commands/role.js')).addRole,
  policy: async () => (await import('./commands/policy.js')).addPolicy,
  anomaly: async () => (await import('./commands/anomaly.js')).addAnomaly,
  audit: async () => (await import('./commands/audit.js')).addAudit,
  sentinel: async () => (await import('./commands/sentinel.js')).addSentinel,
  connect: async () => (await import('./commands/connect.js')).addConnect,
  completion: async () => (await import('./commands/completion.js')).addCompletion,
  config: async () => (await import('./commands/config.js')).addConfig,
  up: async () => (await import('./commands/up.js')).addUp,
  down: async () => (await import('./commands/down.js')).addDown,
  mesh: async () => (await import('./commands/mesh.js')).addMesh,
  migrate: async () => (await import('./commands/migrate.js')).addMigrate,
  backup: async () => (await import('./commands/backup.js')).addBackup,
  restore: async () => (await import('./commands/restore.js')).addRestore,
};

/** The command line for these words. Failures are thrown, never printed: the caller knows how. */
export async function createProgram(args: readonly string[], session: Session): Promise<Command> {
  const { host } = session;
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

/** It writes out the whole tree. */
const NEEDS_ALL = 'completion';

/** Options of the program whose value is a word of its own. */
const BEFORE_A_VALUE: ReadonlySet<string> = new Set(['--url', '--profile', '--token-file', '--token', '--config']);

/** The command that is named first; none for the version; all where anything else may have to be said. */
function wanted(args: readonly string[]): ReadonlyArray<() => Promise<Add>> {
  let at = 0;
  while (args[at]?.startsWith('-')) at += BEFORE_A_VALUE.has(args[at] ?? '') ? 2 : 1;
  const word = args[at] ?? '';
  const named = Object.hasOwn(COMMANDS, word) && word !== NEEDS_ALL ? COMMANDS[word] : undefined;
  if (named !== undefined) return [named];
  return args[0] === '--version' || args[0] === '-V' ? [] : Object.values(COMMANDS);
}
