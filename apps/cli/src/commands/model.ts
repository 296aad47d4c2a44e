// `labmesh model`: the language models that the lab's assistant may use. A key is read from a file or standard input, and shown nowhere.

import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError, librarian, MODEL_KINDS } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { allOf } from '../arguments/standard-input.js';
import { wholeNumber } from '../dataset/numbers.js';
import type { Host } from '../host.js';
import { confirmed } from '../output/confirmed.js';
import { printable } from '../output/failure-text.js';
import { addConnectionOptions, type Session } from '../session.js';

export function addModel(program: Command, session: Session): void {
  const group = program
    .command('model')
    .description('language models that the lab’s assistant may use')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli model add llama --model llama3.1 --base-url http://127.0.0.1:11434/v1\n  npx @labmesh/cli model test llama',
    );
  addAdd(group, session);
  addList(group, session);
  addTest(group, session);
  addRemove(group, session);
}

interface AddOptions {
  readonly model: string;
  readonly kind: (typeof MODEL_KINDS)[number];
  readonly baseUrl?: string;
  readonly keyFile?: string;
  readonly removeKey?: true;
  readonly contextTokens?: number;
  readonly answerTokens?: number;
  readonly timeout?: number;
  readonly tools: boolean;
  readonly default?: true;
}

const ADD_HELP = `
The key is kept sealed and shown nowhere again. It is never an argument: others on this machine could read that.
The same name again changes the model; without a key the one that is set stays, as long as the address does.

Examples:
  npx @labmesh/cli model add gpt --model gpt-5 --key-file key.txt
  npx @labmesh/cli model add claude --kind anthropic --model claude-sonnet-4-5 --key-file - < key.txt
  npx @labmesh/cli model add llama --model llama3.1 --base-url http://127.0.0.1:11434/v1 --no-tools`;

function addAdd(group: Command, session: Session): void {
  const command = group
    .command('add')
    .description('connect a model, or change how it is set')
    .argument('<name>', 'its name in the lab')
    .requiredOption('--model <name>', 'as its provider calls it')
    .addOption(new Option('--kind <kind>', 'what it speaks').choices([...MODEL_KINDS]).default('openai'))
    .option('--base-url <address>', 'where it is; left out: the provider’s own')
    .option('--key-file <path>', 'file with its key, or - for standard input')
    .option('--remove-key', 'ask it without a key from now on')
    .option('--context-tokens <n>', 'what question and answer may take together', wholeNumber)
    .option('--answer-tokens <n>', 'what an answer may take', wholeNumber)
    .option('--timeout <seconds>', 'for one answer', wholeNumber)
    .option('--no-tools', 'it cannot call tools')
    .option('--default', 'the one that is asked when nobody says which');
  addConnectionOptions(command)
    .addHelpText('after', ADD_HELP)
    .action((name: string, options: AddOptions) =>
      session.run(command, async ({ lab, output, host }) => {
        const { model, kind, baseUrl, keyFile, removeKey, contextTokens, answerTokens, timeout, tools } = options;
        if (keyFile !== undefined && removeKey === true)
          throw new AppError('invalid_input', 'Say one of --key-file and --remove-key.');
        const key = removeKey === true ? null : keyFile === undefined ? undefined : await keyOf(keyFile, host);
        const limits = { contextTokens, answerTokens, timeoutSeconds: timeout };
        const set = await lab.use(librarian, 'set_model', {
          ...{ name, kind, model, baseUrl, key, ...limits, tools },
          isDefault: options.default,
        });
        output.answer(set, () =>
          output.line(`Connected ${set.name}${set.isDefault ? ', the default' : ''}; key: ${set.key}`),
        );
        output.note(`Try it: npx @labmesh/cli model test ${set.name}`);
      }),
    );
}

/** The first line of a file, or of standard input. */
async function keyOf(file: string, host: Host): Promise<string> {
  const text = file === '-' ? (await allOf(host.stdin)).toString('utf8') : await fileText(resolve(host.cwd, file));
  const [line = ''] = text.trim().split('\n');
  if (line.trim() === '') throw new AppError('invalid_input', 'Cannot set an empty key: its first line has none.');
  return line.trim();
}

async function fileText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_input', `Cannot read ${file}: it is not there, or may not be read.`, { cause });
  }
}

function addList(group: Command, session: Session): void {
  const command = group.command('list').alias('ls').description('which models there are');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli model list --json')
    .action(() =>
      session.run(command, async ({ lab, output }) => {
        const answer = await lab.use(librarian, 'list_models', {});
        if (answer.models.length === 0) output.note('None is connected: npx @labmesh/cli model add');
        output.answer(answer, () =>
          output.table(
            ['MODEL', 'DEFAULT', 'TOOLS', 'KIND', 'ITS NAME THERE', 'WHERE', 'KEY'],
            answer.models.map(({ name, isDefault, tools, settings }) => [
              { text: name, style: 'bold' },
              isDefault ? 'yes' : '',
              tools ? 'yes' : 'no',
              settings?.kind ?? '',
              printable(settings?.model ?? ''),
              printable(settings?.baseUrl ?? ''),
              settings?.key ?? '',
            ]),
          ),
        );
      }),
    );
}

function addTest(group: Command, session: Session): void {
  const command = group
    .command('test')
    .description('ask a model for one word')
    .argument('<name>', 'as model list has it');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli model test llama')
    .action((name: string) =>
      session.run(command, async ({ lab, output }) => {
        const tested = await lab.use(librarian, 'test_model', { name });
        output.answer(tested, () =>
          output.line(`${tested.name} answered in ${tested.tookMs} ms: ${printable(tested.text.trim())}`),
        );
      }),
    );
}

function addRemove(group: Command, session: Session): void {
  const command = group
    .command('remove')
    .alias('rm')
    .description('disconnect a model; conversations stay')
    .argument('<name>', 'as model list has it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli model remove llama --yes')
    .action((name: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Disconnect ${name}, and forget its key?`, yes, always: true });
        const done = await lab.use(librarian, 'remove_model', { name });
        output.answer(done, () => output.line(`Disconnected ${done.name}`));
      }),
    );
}
