// The completions as the shells themselves take them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { explainedProgram } from '../explained-program.js';
import { completionScript } from './script.js';

const folder = mkdtempSync(join(tmpdir(), 'labmesh-completion-'));
afterAll(() => rmSync(folder, { recursive: true }));
const program = await explainedProgram();
const has = (shell: string): boolean => spawnSync(shell, ['--version']).error === undefined;

describe.runIf(has('bash'))('bash', () => {
  const script = completionScript('bash', program);
  const offered = (line: readonly string[]): string[] => {
    const words = line.map((word) => `'${word}'`).join(' ');
    const ask = `${script}\nCOMP_WORDS=(${words}); COMP_CWORD=${line.length - 1}; _labmesh; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', ask], { encoding: 'utf8' }).trim().split('\n');
  };

  it.each([
    [
      ['labmesh', 'st'],
      ['status', 'stake'],
    ],
    [['labmesh', 'wallet', 'fr'], ['freeze']],
    [['labmesh', 'wallet', 'send', '--y'], ['--yes']],
    [['labmesh', '--quiet', 'token', 'cre'], ['create']],
    [
      ['labmesh', 'token', 'create', '--kind', ''],
      ['access', 'client_key'],
    ],
    [['labmesh', 'completion', 'x'], ['']],
  ])('%j offers %j', (line, offers) => {
    expect(offered(line).sort()).toEqual([...offers].sort());
  });
});

describe.each(['zsh', 'fish'] as const)('%s', (shell) => {
  const script = completionScript(shell, program);

  it('names every command and flag with what it does', () => {
    for (const text of ['wallet', 'freeze', 'stop a wallet from paying', 'client_key']) expect(script).toContain(text);
    expect(script).not.toContain('undefined');
  });

  it.runIf(has(shell))('is a script that the shell reads', () => {
    const file = join(folder, shell);
    writeFileSync(file, script);
    const read = spawnSync(shell, ['-n', file], { encoding: 'utf8' });
    expect([read.status, read.stderr]).toEqual([0, '']);
  });
});

describe.runIf(has('fish'))('fish', () => {
  it.each([
    ['st', ['stake', 'status']],
    ['wallet fr', ['freeze']],
    ['token create --kind ', ['access', 'client_key']],
    ['wallet send --y', ['--yes']],
  ])('%s offers %j', (line, offers) => {
    const file = join(folder, 'asked.fish');
    writeFileSync(file, completionScript('fish', program));
    const asked = ['-c', `source ${file}; complete -C 'labmesh ${line}'`];
    const said = spawnSync('fish', asked, { encoding: 'utf8' });
    expect(said.stderr).toBe('');
    const words = said.stdout
      .trim()
      .split('\n')
      .map((one) => one.split('\t')[0]);
    expect(words.sort()).toEqual(offers);
  });
});
