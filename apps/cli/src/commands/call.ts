// `labmesh call`: any tool, with arguments typed by its schema. The answer is always a JSON document.
import { AppError } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import type { JsonSchema } from '../arguments/schema.js';
import { jsonArguments, typedArguments } from '../arguments/typed-arguments.js';
import { confirmed } from '../output/confirmed.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';
import { toolNamed } from './tools.js';

interface CallOptions {
  /** True without a value: then it asks for errors as JSON, as everywhere. */
  readonly json?: string | true;
  readonly arg?: readonly string[];
  readonly yes?: boolean;
}

const HELP = `
Any tool that your token may use can be called, listed by npx @labmesh/cli tools or found by the tool search_tools.

Values are typed by the tool's schema: numbers, true and false, JSON for objects and lists. A list may also be given
element by element, by repeating its key. Progress is shown on standard error; Ctrl-C cancels the call.

Examples:
  npx @labmesh/cli call curator_list_available_datasets --arg limit=5
  npx @labmesh/cli call librarian_log_new_solution --arg title="Dry pumps" --arg problem=@problem.md --arg solution=@fix.md --arg tags=pump --arg tags=vacuum
  npx @labmesh/cli call curator_submit_dataset --arg name=run-7 --arg format=parquet --arg content=@run-7.parquet
  npx @labmesh/cli call curator_fetch_dataset --json '{"datasetId": "ds_…", "limit": 10}'
  npx @labmesh/cli call curator_submit_dataset --json @submission.json
  echo '{"followSeconds": 30}' | npx @labmesh/cli call sentinel_audit_log_stream --json -`;

export function addCall(program: Command, session: Session): void {
  const command = program
    .command('call')
    .description('call a tool')
    .argument('<tool>', 'the tool’s name, as npx @labmesh/cli tools lists it')
    .option('--arg <key=value>', 'one argument; key=@file reads it from a file, key=@@… begins with an @', collect)
    .option('--yes', 'do not ask before a tool that takes something away for good');
  addConnectionOptions(command, {
    json: new Option('--json [arguments]', 'all arguments as one JSON object, @file, or - for standard input'),
  })
    .addHelpText('after', HELP)
    .action((name: string, options: CallOptions) => session.run(command, (work) => callTool(work, name, options)));
}

const collect = (value: string, earlier: readonly string[] = []): string[] => [...earlier, value];

async function callTool(
  { lab, output, host }: Work,
  name: string,
  { json, arg = [], yes }: CallOptions,
): Promise<void> {
  const given = typeof json === 'string' ? json : undefined;
  if (given !== undefined && arg.length > 0) {
    throw new AppError('invalid_input', 'Give the arguments with --json or with --arg, not with both');
  }
  const tool = toolNamed(await lab.tools(), name);
  const args =
    given === undefined
      ? await typedArguments(arg, { schema: tool.inputSchema as JsonSchema, cwd: host.cwd })
      : await jsonArguments(given, host);
  const gone = tool.annotations?.readOnlyHint !== true && tool.annotations?.destructiveHint === true;
  if (gone) await confirmed(host, { ask: `${name} takes something away for good. Call it?`, yes });
  output.document(await lab.call(name, args, (progress) => output.progress(progress)));
}
