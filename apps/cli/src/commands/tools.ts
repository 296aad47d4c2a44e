// `labmesh tools`: what may be called, and what one tool takes.
import { AGENTS, AppError, gatewayName, librarian, publicTools } from '@labmesh/contracts';
import type { Command } from 'commander';
import { closeNames } from '../arguments/close-names.js';
import { type JsonSchema, kindText, propertiesOf, requiredOf } from '../arguments/schema.js';
import type { LabTool } from '../lab/lab.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

const HELP = `
Only what your token may use is listed: all of it, or with --everyday what an AI client is shown at /mcp, which finds the
others by search_tools. npx @labmesh/cli call takes any of them. --find looks through all of the lab, and says what you lack.

Examples:
  npx @labmesh/cli tools
  npx @labmesh/cli tools --everyday
  npx @labmesh/cli tools --find "upload a csv file"
  npx @labmesh/cli tools curator_fetch_dataset
  npx @labmesh/cli tools curator_fetch_dataset --json     its JSON Schemas`;

export function addTools(program: Command, session: Session): void {
  const command = program
    .command('tools')
    .description('list the tools, or explain one')
    .argument('[name]', 'a tool’s name')
    .option('--everyday', 'only those that an AI client is shown')
    .option('--find <intent>', 'those for what you want to do, in your own words');
  addConnectionOptions(command)
    .addHelpText('after', HELP)
    .action((name: string | undefined, { everyday, find }: { everyday?: boolean; find?: string }) => {
      if (find !== undefined) {
        if (name !== undefined || everyday === true)
          throw new AppError('invalid_input', 'Cannot find and list at once: leave out the name and --everyday.');
        return session.run(command, (work) => showFound(work, find));
      }
      // One tool is explained whether it is an everyday one or not.
      const toolsets = everyday === true && name === undefined ? 'everyday' : 'all';
      const work = async ({ lab, output }: Work): Promise<void> => {
        const tools = await lab.tools();
        if (name === undefined) {
          output.answer({ tools }, () => output.table(['TOOL', 'EFFECT', 'WHAT IT DOES'], tools.map(row)));
        } else {
          const tool = toolNamed(tools, name);
          output.answer(tool, () => explain(output, tool));
        }
      };
      return session.run(command, work, { toolsets });
    });
}

async function showFound({ lab, output }: Work, query: string): Promise<void> {
  const found = await lab.use(librarian, 'find_tool', { query });
  output.answer(found, () => {
    if (found.tools.length === 0) return output.note('No tool has words like these: say it in others.');
    output.table(
      ['TOOL', 'WHAT IT DOES', 'AGENT', 'FOR YOU'],
      found.tools.map(({ name, title, agent, status, mayCall, missing }) => [
        { text: name, style: 'bold' },
        title,
        status === 'up' ? agent : { text: `${agent} is down`, style: 'red' },
        mayCall ? { text: 'yes', style: 'green' } : { text: missing ?? 'no', style: 'yellow' },
      ]),
    );
    for (const { mayCall, reason } of found.tools) if (!mayCall) output.note(reason);
  });
}

/** @throws AppError forbidden when the lab has it for others; not_found, with the names that come close */
export function toolNamed(tools: readonly LabTool[], name: string): LabTool {
  const tool = tools.find((one) => one.name === name);
  if (tool !== undefined) return tool;
  if (publicTools(AGENTS).some((one) => gatewayName(one.agent, one.tool) === name)) {
    throw new AppError('forbidden', `Your token may not use ${name}: npx @labmesh/cli tools lists what it may use`);
  }
  const names = tools.map((one) => one.name);
  const close = closeNames(name, names);
  const hint =
    close.length === 0 ? 'npx @labmesh/cli tools lists what there is for you' : `did you mean ${close.join(' or ')}?`;
  throw new AppError('not_found', `No tool "${name}" is there for you: ${hint}`);
}

const row = (tool: LabTool) => [{ text: tool.name, style: 'bold' }, effectOf(tool), tool.title ?? ''] as const;

function effectOf({ annotations }: LabTool): string {
  if (annotations?.readOnlyHint === true) return 'read';
  return annotations?.destructiveHint === false ? 'write' : 'destroy';
}

function explain(output: Output, tool: LabTool): void {
  const schema = tool.inputSchema as JsonSchema;
  const required = requiredOf(schema);
  const properties = Object.entries(propertiesOf(schema));
  output.line(`${output.style('bold', tool.name)}  ${output.style('dim', effectOf(tool))}`);
  if (tool.description !== undefined) output.line(output.style('dim', tool.description));
  output.line();
  if (properties.length === 0) output.line('It takes no arguments.');
  else
    output.table(
      ['ARGUMENT', 'VALUE', 'MEANING'],
      properties.map(([name, property]) => argumentRow(name, property, required.includes(name))),
    );
  output.line();
  output.line(`npx @labmesh/cli call ${exampleCall(tool.name, required)}`);
}

function argumentRow(name: string, property: JsonSchema, required: boolean) {
  const meaning = typeof property.description === 'string' ? property.description : '';
  const fallback = 'default' in property ? `, ${JSON.stringify(property.default)} when left out` : '';
  return [{ text: required ? `${name} *` : name, style: 'bold' }, `${kindText(property)}${fallback}`, meaning] as const;
}

/** The shortest call that can succeed. */
const exampleCall = (name: string, required: readonly string[]): string =>
  [name, ...required.map((key) => `--arg ${key}=…`)].join(' ');
