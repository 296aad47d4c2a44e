// The commands of a document, as a reader copies them out of it: one at a time, with what an earlier one printed in place of
// the ids and keys that a document cannot know.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Block {
  /** The word behind the fence; '' where there is none. */
  readonly language: string;
  readonly text: string;
}

/** Fenced blocks, those inside a list item too, without the item's indentation. */
export function blocksOf(file: string): Block[] {
  const found = readFileSync(file, 'utf8').matchAll(/^( *)```(\w*)\n([\s\S]*?)^\1```$/gm);
  return [...found].map(([, indent = '', language = '', text = '']) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  }));
}

/** The commands of a block: lines that go on with a backslash, and documents that are given in place, stay together. */
export function commandsOf(block: string): string[] {
  const commands: string[] = [];
  let command = '';
  let until: string | undefined;
  for (const line of block.split('\n')) {
    command += command === '' ? line : `\n${line}`;
    until ??= /<<'?(\w+)'?/.exec(line)?.[1];
    if (until === undefined ? line.endsWith('\\') : line !== until) continue;
    if (command.trim() !== '') commands.push(command);
    command = '';
    until = undefined;
  }
  return commands;
}

/** What a document writes for something that only a running lab knows, and the form of it. */
const UNKNOWN: ReadonlyArray<readonly [written: RegExp, form: RegExp]> = [
  [/wal_(?:…|\.\.\.)/g, /wal_[0-9a-f-]{36}/g],
  [/lmk_…/g, /lmk_[0-9a-v]{38}/g],
  [/ds_…/g, /ds_[0-9a-f-]{36}/g],
  [/blob_curator_…/g, /blob_curator_[0-9a-f-]{36}/g],
  [/cred_…/g, /cred_[0-9a-f-]{36}/g],
];

/** A terminal in `folder`: what is exported stays, what was printed can be copied. */
export class Terminal {
  #printed = '';
  readonly #exported: string[] = [];

  constructor(
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    /** Changes a command before it runs, such as the port in an address. */
    private readonly adapted: (command: string) => string = (command) => command,
  ) {}

  /** Runs each command of the block in turn. Rejects with the command and all that it wrote when one fails. */
  async run(block: string): Promise<string> {
    let all = '';
    for (const command of commandsOf(block)) all += await this.#runOne(this.adapted(this.#known(command)));
    return all;
  }

  async #runOne(command: string): Promise<string> {
    if (command.startsWith('export ')) this.#exported.push(command);
    const { PATH = '', HOME = '' } = process.env;
    return new Promise((resolve, reject) => {
      execFile(
        'bash',
        ['-euo', 'pipefail', '-c', [...this.#exported, command].join('\n')],
        { cwd: this.folder, env: { PATH, HOME, ...this.env }, timeout: 600_000, maxBuffer: 1e8 },
        (error, out, err) => {
          this.#printed += `${out}\n${err}\n`;
          if (error === null) resolve(out);
          else reject(new Error(`${command}\n${out}${err}`, { cause: error }));
        },
      );
    });
  }

  /** The newest of what was printed, in place of what the document could not know. */
  #known(command: string): string {
    return UNKNOWN.reduce((text, [written, form]) => {
      if (text.match(written) === null) return text;
      const newest = this.#printed.match(form)?.at(-1);
      if (newest === undefined) throw new Error(`Nothing was printed yet that fits: ${text}`);
      return text.replaceAll(written, newest);
    }, command);
  }
}
