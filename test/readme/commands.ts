// The commands of a document, as a reader copies them out of it: one at a time, with what an earlier one printed in place of
// the ids and keys that a document cannot know.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

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

/** A terminal in `folder`: where one goes and what is exported stays, what was printed can be copied. */
export class Terminal {
  #printed = '';
  #folder: string;
  readonly #env: Record<string, string>;

  constructor(
    folder: string,
    env: Readonly<Record<string, string>>,
    /** Changes a command before it runs, such as the port in an address. */
    private readonly adapted: (command: string) => string = (command) => command,
  ) {
    this.#folder = folder;
    const { PATH = '', HOME = '' } = process.env;
    this.#env = { PATH, HOME, ...env };
  }

  /** The folder that it is in. */
  get folder(): string {
    return this.#folder;
  }

  /** All that was written to it, also on standard error. */
  get printed(): string {
    return this.#printed;
  }

  /** Runs each command of the block in turn. Rejects with the command and all that it wrote when one fails. */
  async run(block: string): Promise<string> {
    let all = '';
    for (const command of commandsOf(block)) all += await this.#runOne(this.adapted(this.#known(command)));
    return all;
  }

  async #runOne(command: string): Promise<string> {
    const [, place] = /^cd (\S+)$/.exec(command.trim()) ?? [];
    if (place !== undefined) {
      this.#folder = resolve(this.#folder, place);
      return '';
    }
    const [, name] = /^export (\w+)=/.exec(command) ?? [];
    if (name !== undefined) {
      this.#env[name] = (await this.#shell(`${command}\nprintf %s "$${name}"`)).out;
      return '';
    }
    const { out, err } = await this.#shell(command);
    this.#printed += `${out}\n${err}\n`;
    return out;
  }

  #shell(command: string): Promise<{ out: string; err: string }> {
    return new Promise((done, reject) => {
      execFile(
        'bash',
        ['-euo', 'pipefail', '-c', command],
        { cwd: this.#folder, env: this.#env, timeout: 600_000, maxBuffer: 1e8 },
        (error, out, err) => {
          if (error === null) done({ out, err });
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
