// `labmesh conversation`: what was asked and answered, as the lab keeps it for the wallet.
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { librarian, type Message } from '@labmesh/contracts';
import { type Command, Option } from 'commander';
import { confirmed } from '../output/confirmed.js';
import { printable } from '../output/failure-text.js';
import type { Output } from '../output/output.js';
import { countText } from '../output/units.js';
import { addConnectionOptions, type Session, type Work } from '../session.js';

export function addConversation(program: Command, session: Session): void {
  const group = program
    .command('conversation')
    .description('your conversations with the lab')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli conversation list --words "pump stalls"\n  npx @labmesh/cli conversation show 0199…',
    );
  addList(group, session);
  addShow(group, session);
  addExport(group, session);
  addRemove(group, session);
}

function addList(group: Command, session: Session): void {
  const command = group
    .command('list')
    .alias('ls')
    .description('yours, the one that changed last first')
    .option('--words <words>', 'all of them in its title or messages')
    .option('--cursor <cursor>', 'nextCursor of an earlier list');
  addConnectionOptions(command)
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli conversation list\n  npx @labmesh/cli conversation list --words cryostat --json',
    )
    .action(({ words, cursor }: { words?: string; cursor?: string }) =>
      session.run(command, async ({ lab, output }) => {
        const answer = await lab.use(librarian, 'list_conversations', { words, cursor });
        output.answer(answer, () => {
          output.table(
            ['CONVERSATION', 'CHANGED', 'MESSAGES', 'TITLE'],
            answer.conversations.map(({ conversationId, updatedAt, messages, title }) => [
              { text: conversationId, style: 'bold' },
              updatedAt,
              String(messages),
              printable(title),
            ]),
          );
          if (answer.nextCursor !== undefined) output.note(`There are more: --cursor ${answer.nextCursor}`);
        });
      }),
    );
}

function addShow(group: Command, session: Session): void {
  const command = group
    .command('show')
    .description('what was said on the newest branch; all branches with --json')
    .argument('<conversation>', 'its id, as conversation list has it');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli conversation show 01990000-0000-7000-8000-000000000001')
    .action((conversationId: string) =>
      session.run(command, async ({ lab, output }) => {
        const { title, messages } = await treeOf(lab, conversationId);
        output.answer({ conversationId, title, messages }, () => {
          output.line(output.style('bold', printable(title)));
          for (const message of newestBranch(messages)) showMessage(message, output);
        });
      }),
    );
}

/** All messages as they are now. */
async function treeOf(lab: Work['lab'], conversationId: string): Promise<{ title: string; messages: Message[] }> {
  const tree = new Map<string, Message>();
  for (let since = 0; ; ) {
    const page = await lab.use(librarian, 'get_conversation', { conversationId, since });
    for (const message of page.messages) tree.set(message.messageId, message);
    if (!page.more) return { title: page.title, messages: [...tree.values()] };
    since = page.version;
  }
}

/** From the message that changed last up to its first question. */
function newestBranch(messages: readonly Message[]): Message[] {
  const byId = new Map(messages.map((message) => [message.messageId, message]));
  const branch: Message[] = [];
  let next = [...messages].sort((one, other) => one.version - other.version).at(-1);
  while (next !== undefined) {
    branch.unshift(next);
    next = next.parentId === null ? undefined : byId.get(next.parentId);
  }
  return branch;
}

const WHO = { user: 'You', assistant: 'Answer', tool: 'Tools' } as const;

function showMessage({ role, parts, state, model, failure, leftOut }: Message, output: Output): void {
  output.line();
  const about = [...(model === null ? [] : [model]), ...(state === 'complete' ? [] : [state])].join(', ');
  output.line(`${output.style('bold', WHO[role])}${about === '' ? '' : output.style('dim', `  ${printable(about)}`)}`);
  for (const part of parts) {
    if (part.type === 'text') output.line(printable(part.text).trimEnd());
    if (part.type === 'tool_call') output.line(printable(`asks for ${part.tool} ${JSON.stringify(part.arguments)}`));
    if (part.type === 'tool_result') output.line(printable(`${part.tool}, ${part.outcome}: ${part.text}`));
    if (part.type === 'citations')
      for (const { number, file, line } of part.citations) output.line(printable(`[${number}] ${file}:${line}`));
  }
  if (failure !== null) output.line(printable(failure.message));
  if (leftOut > 0) output.note(`The model was not shown ${countText(leftOut, 'message')} before: they did not fit.`);
}

function addExport(group: Command, session: Session): void {
  const command = group
    .command('export')
    .description('every branch of a conversation as a file')
    .argument('<conversation>', 'its id, as conversation list has it')
    .addOption(new Option('--format <format>', 'form of it').choices(['markdown', 'json']).default('markdown'))
    .option('-o, --out <path>', 'the file; standard output when left out');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli conversation export 0199… --format json -o talk.json')
    .action((conversationId: string, { format, out }: { format: 'markdown' | 'json'; out?: string }) =>
      session.run(command, async ({ lab, output, host }) => {
        let text = '';
        let cursor: string | undefined;
        do {
          const page = await lab.use(librarian, 'export_conversation', { conversationId, format, cursor });
          text += page.text;
          cursor = page.nextCursor;
        } while (cursor !== undefined);
        if (out === undefined) {
          host.stdout.write(text);
          return;
        }
        await writeFile(resolve(host.cwd, out), text, { mode: 0o600 });
        output.answer({ file: out, characters: text.length }, () => output.line(`Wrote ${out}`));
      }),
    );
}

function addRemove(group: Command, session: Session): void {
  const command = group
    .command('remove')
    .alias('rm')
    .description('delete a conversation for good')
    .argument('<conversation>', 'its id, as conversation list has it')
    .option('--yes', 'do not ask');
  addConnectionOptions(command)
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli conversation remove 0199… --yes')
    .action((conversationId: string, { yes }: { yes?: boolean }) =>
      session.run(command, async ({ lab, output, host }) => {
        await confirmed(host, { ask: `Delete ${conversationId} with all its messages?`, yes, always: true });
        const done = await lab.use(librarian, 'delete_conversation', { conversationId });
        output.answer(done, () => output.line(`Deleted ${countText(done.messages, 'message')}`));
      }),
    );
}
