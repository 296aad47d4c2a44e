// The command line's words: which commands there are, and what each explains about itself.
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { addAsk } from './commands/ask.js';
import { addAudit } from './commands/audit.js';
import { addCall } from './commands/call.js';
import { addOpen } from './commands/open.js';
import { addSentinel } from './commands/sentinel.js';
import { addStatus } from './commands/status.js';
import { addTemplate } from './commands/template.js';
import { addToken } from './commands/token.js';
import { addTools } from './commands/tools.js';
import { addWallet } from './commands/wallet.js';
import { type CliConfig, DEFAULT_URL } from './config.js';
import type { Host } from './host.js';
import { addConnectionOptions, Session } from './session.js';

const VERSION = (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string })
  .version;

const EXAMPLES = `
Examples:
  labmesh open                                     sign in to the lab's page
  labmesh status                                   who answers, and how the lab is
  labmesh tools curator_fetch_dataset              what a tool takes
  labmesh call curator_list_available_datasets --arg limit=5
  labmesh ask "Which formats can a dataset have?"
  labmesh wallet create --role researcher --label "Field team"
  labmesh token create --wallet wal_… --kind client_key --ttl 30d
  labmesh sentinel score --model content --text "which formats are there?"

Environment:
  LABMESH_URL     the lab's address (${DEFAULT_URL})
  LABMESH_TOKEN   who you are; on the lab's own machine .labmesh/operator.token is found
  LABMESH_HOME    the lab's data folder, where it is not .labmesh
  NO_COLOR        plain text

Exit codes: 0 done, 2 usage or input, 3 no valid token, 4 not allowed, 5 not found, 6 conflict or too little money,
7 the lab or what it needs does not answer, 70 a fault of the lab, 130 cancelled.`;

/** The whole command line. Failures are thrown, never printed: the caller knows how. */
export function createProgram(host: Host, config: CliConfig): Command {
  const session = new Session({ host, config, version: VERSION });
  const program = new Command('labmesh')
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
  const commands = [
    addOpen,
    addStatus,
    addTools,
    addCall,
    addAsk,
    addToken,
    addWallet,
    addTemplate,
    addAudit,
    addSentinel,
  ];
  for (const add of commands) add(program, session);
  return program;
}
