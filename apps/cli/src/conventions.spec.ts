// Every command, walked through as it explains itself: what all of them promise, without a list of them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { AGENTS, gatewayName, publicTools } from '@labmesh/contracts';
import type { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './cli.js';
import { explainedProgram } from './explained-program.js';

/** Nobody answers there. */
const NO_LAB = 'http://127.0.0.1:9';
const EXIT_CODES = new Set([0, 1, 2, 3, 4, 5, 6, 7, 8, 70, 130]);
const STACK = /\n\s+at .*[(/\\].*:\d+:\d+/;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'labmesh-walk-'));
});
afterAll(() => rm(folder, { recursive: true }));

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function run(args: readonly string[], env: NodeJS.ProcessEnv = {}, terminal = false): Promise<Ran> {
  const [out, err]: [string[], string[]] = [[], []];
  const code = await runCli(args, {
    env: { LABMESH_URL: NO_LAB, LABMESH_TOKEN: 'lmk_x', HOME: folder, ...env },
    cwd: folder,
    stdin: Object.assign(Readable.from(['']), { isTTY: false }),
    stdout: { write: (text) => out.push(String(text)), isTTY: terminal },
    stderr: { write: (text) => err.push(String(text)) },
    openBrowser: async () => false,
    signal: new AbortController().signal,
  });
  return { code, out: out.join(''), err: err.join('') };
}

const TOOLS: ReadonlySet<string> = new Set(publicTools(AGENTS).map(({ agent, tool }) => gatewayName(agent, tool)));
const program = await explainedProgram();

const wordsOf = (command: Command): string[] =>
  command.parent === null ? [] : [...wordsOf(command.parent), command.name()];
const walk = (command: Command): Command[] => [command, ...command.commands.flatMap(walk)];
const all = walk(program).filter((command) => command !== program);
const leaves = all.filter(({ commands }) => commands.length === 0);
const named = (commands: readonly Command[]) => commands.map((command) => ({ words: wordsOf(command), command }));
/** What starts or listens to something that stays. */
const STAYS = new Set(['up', 'down', 'mesh init', 'completion', 'login']);

describe('every command', () => {
  it('is one of many', () => {
    expect(leaves.length).toBeGreaterThan(80);
  });

  it.each(named(all))('$words: help says what it does and has an example that is one of it', async ({ words }) => {
    const { code, out, err } = await run([...words, '--help']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/\nExamples?:\n/);
    const examples = out.slice(out.search(/\nExamples?:\n/));
    expect(examples).toMatch(new RegExp(`npx @labmesh/cli ${words.join(' ')}\\b`));
    expect(out).not.toMatch(/[ \t]\n/);
  });

  it.each(named(all))('$words: help names no tool that there is not', async ({ words }) => {
    const { out } = await run([...words, '--help']);
    const tools = out.match(/\b(sentinel|chancellor|curator|architect|mechanic|librarian)_[a-z_]+\b/g) ?? [];
    expect(tools.filter((tool) => !TOOLS.has(tool))).toEqual([]);
  });

  it.each(named(all))('$words: a flag that it does not have ends with 2 and names its help', async ({ words }) => {
    const { code, out, err } = await run([...words, '--no-such-flag']);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^labmesh: .*npx @labmesh/cli ${words[0]}.*--help\\.\\n$`));
  });

  it.each(named(leaves))('$words: a token in a flag is refused, and not shown', async ({ words, command }) => {
    if (!command.options.some(({ long }) => long === '--token-file')) return;
    const { code, err } = await run([...words, '--token', 'lmk_secret']);
    expect([code, err]).toEqual([2, expect.stringContaining('--token-file')]);
    expect(err).not.toContain('lmk_secret');
  });

  it.each(named(leaves))(
    '$words: settings that are not there end with 2 and their name',
    async ({ words, command }) => {
      const given = needed(command);
      const { code, err } = await run([...words, ...given, ...mandatory(command), '--config', 'missing.json']);
      expect(code).toBe(2);
      expect(err).toContain('missing.json');
    },
  );

  it.each(named(leaves).filter(({ words }) => !STAYS.has(words.join(' '))))(
    '$words: with --json an answer and a failure are JSON, the same bytes on a terminal, and no stack is shown',
    async ({ words, command }) => {
      const given = needed(command);
      const line = [...words, ...given, ...mandatory(command), ...(words[0] === 'call' ? [] : ['--json'])];
      const [piped, shown, ci] = [await run(line), await run(line, {}, true), await run(line, { CI: 'true' })];
      expect(EXIT_CODES).toContain(piped.code);
      for (const { out, err } of [piped, shown]) {
        expect(`${out}${err}`).not.toMatch(STACK);
        if (out !== '' && piped.code === 0) expect(() => JSON.parse(out)).not.toThrow();
        if (piped.code !== 0 && words[0] !== 'call') expect(JSON.parse(lastLine(err))).toHaveProperty('code');
      }
      expect(steady(shown)).toEqual(steady(piped));
      expect(steady(ci)).toEqual(steady(piped));
    },
  );
});

/** Times and keys are of the run. */
const steady = ({ code, out, err }: Ran) => ({
  code,
  text: `${out}${err}`.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT[\d:.]+Z|\d+(\.\d+)?/g, '*'),
});

const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1) ?? '';

/** A word for each argument that must be there, of the kind that it takes. */
const needed = (command: Command): string[] =>
  command.registeredArguments
    .filter(({ required }) => required)
    .map((argument) => argument.argChoices?.[0] ?? (argument.name().includes('=') ? 'a=1' : '1'));

const mandatory = (command: Command): string[] =>
  command.options
    .filter(({ mandatory }) => mandatory)
    .flatMap(({ long, argChoices, flags }) => [
      long ?? '',
      argChoices?.[0] ?? (flags.includes('<time>') ? '2026-11-21' : 'x'),
    ]);

describe('settings', () => {
  it('come after flags and the environment', async () => {
    await writeFile(join(folder, 'own.json'), JSON.stringify({ url: 'http://127.0.0.1:1', output: 'json' }));
    const url = async (args: string[], env: NodeJS.ProcessEnv = {}) =>
      (await run(['status', '--config', 'own.json', ...args], { LABMESH_URL: '', ...env })).err;
    expect(JSON.parse(await url([])).message).toContain('http://127.0.0.1:1:');
    expect(await url([], { LABMESH_URL: 'http://127.0.0.1:2' })).toContain('http://127.0.0.1:2:');
    expect(await url(['--url', 'http://127.0.0.1:3'], { LABMESH_URL: 'http://127.0.0.1:2' })).toContain('127.0.0.1:3:');
    expect(await url([], { LABMESH_OUTPUT: 'table' })).toMatch(/^labmesh: /);
  });
});
