// The command as documents, hints and help write it: in the one form that works, with commands and options that exist.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { explainedProgram } from '../apps/cli/src/explained-program.js';
import { linesMax, ourFiles } from './harness/our-files.js';
import { blocksOf } from './readme/commands.js';
import { PLACES } from './readme/example-places.js';

const ROOT = join(import.meta.dirname, '..');
const FORM = 'npx @labmesh/cli';
/** The command's own words, sentences among them; its examples are tried where the commands are walked through. */
const REFERENCE = 'docs/command.md';

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

const named = (await explainedProgram()).commands.map((command) => command.name());

/** What commander has against these words; what a document leaves out, such as an argument, is no fault. */
async function faultOf(args: readonly string[]): Promise<string | undefined> {
  const program = await explainedProgram(args);
  const all = [program];
  for (const command of all) {
    command.exitOverride();
    all.push(...command.commands);
  }
  program.hook('preAction', () => {
    throw new Error('nothing is run here');
  });
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
    for (const { file, line } of lines.filter((each) => each.file.endsWith('.md') && each.file !== REFERENCE))
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

describe('CONTRIBUTING’s example', () => {
  const pieces = blocksOf(join(ROOT, 'CONTRIBUTING.md')).filter(({ language }) => language === 'ts');
  it.each(Object.entries(PLACES).map(([file, before], at) => ({ file, before, piece: pieces[at]?.text ?? '' })))(
    'has its place and room in $file',
    ({ file, before, piece }) => {
      const source = readFileSync(join(ROOT, file), 'utf8');
      expect(source).toContain(before);
      expect(piece).not.toBe('');
      expect(`${source}${piece}`.split('\n').length).toBeLessThanOrEqual(linesMax(file));
    },
  );
});
