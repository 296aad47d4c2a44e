// The command as documents, hints and help write it: in the one form that works, with commands and options that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { readCliConfig } from '../apps/cli/src/config.js';
import type { Host } from '../apps/cli/src/host.js';
import { createProgram } from '../apps/cli/src/program.js';
import { ourFiles } from './harness/our-files.js';
import { PLACES } from './readme/example-places.js';

const ROOT = join(import.meta.dirname, '..');
const FORM = 'npx @labmesh/cli';

/** Where the word stands for something else: texts that models learn from, and what the image is asked to run. */
const APART = /^(libs\/traffic|bench|container)\/|^docker-compose\.yml$/;
const files = ourFiles().filter((file) => /\.(md|tsx?|mjs|ya?ml|sh|html)$/.test(file) && !APART.test(file));
const isComment = (file: string, line: string): boolean => !file.endsWith('.md') && /^\s*(\/\/|\*|\/\*|#)/.test(line);
const lines = files.flatMap((file) =>
  readFileSync(join(ROOT, file), 'utf8')
    .split('\n')
    .filter((line) => !isComment(file, line))
    .map((line) => ({ file, line })),
);

const quiet = (): Writable => new Writable({ write: (_chunk, _encoding, done) => done() });
const host = { stdout: quiet(), stderr: quiet() } as unknown as Host;
const named = (await createProgram(['--help'], host, readCliConfig({}))).commands.map((command) => command.name());

/** What commander has against these words; what a document leaves out, such as an argument, is no fault. */
async function faultOf(args: readonly string[]): Promise<string | undefined> {
  const program = await createProgram(args, host, readCliConfig({}));
  const all = [program];
  for (const command of all) {
    command.exitOverride();
    if (command.commands.length === 0) command.action(() => undefined);
    all.push(...command.commands);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError && /unknown/i.test(error.code)) return error.message;
  }
  return undefined;
}

describe('the command', () => {
  it('is written in the one form that works', () => {
    const bare = new RegExp(`(?<![\\w@/.-])labmesh (${named.join('|')}|<command>|--[a-z])\\b`);
    const wrong = lines.filter(({ line }) => bare.test(line.replaceAll(/docker run .*/g, '')));
    expect(wrong, `write ${FORM}`).toEqual([]);
  });

  it('is never written with a command or an option that does not exist', async () => {
    const faults: string[] = [];
    let seen = 0;
    for (const { file, line } of lines.filter((each) => each.file.endsWith('.md')))
      for (const [, words = ''] of line.matchAll(/npx @labmesh\/cli ([^`|;#>)\\&…]+)/g)) {
        const args = words
          .replaceAll(/"[^"]*"|'[^']*'/g, 'text')
          .trim()
          .split(/\s+/);
        if (!named.includes(args[0] ?? '')) continue;
        seen++;
        const fault = await faultOf(args);
        if (fault !== undefined) faults.push(`${file}: ${words.trim()}: ${fault}`);
      }
    expect(seen).toBeGreaterThan(50);
    expect(faults).toEqual([]);
  });
});

it.each(Object.entries(PLACES))('CONTRIBUTING’s example has its place in %s', (file, before) => {
  expect(readFileSync(join(ROOT, file), 'utf8')).toContain(before);
});
