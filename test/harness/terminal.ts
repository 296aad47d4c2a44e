// A command at a terminal of its own, as a person has it: what it asks is answered, and what the terminal shows is kept. On Linux,
// whose `script` makes the terminal.
import { spawn } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { type Ended } from './command.js';

export interface Dialogue {
  /** Answers once the end of what is shown is the question. */
  answer(question: RegExp, line: string): void;
  /** With all that was shown as `out`. */
  readonly ended: Promise<Ended>;
}

interface At {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Answers are given in their order. Without an answer in time it is ended. */
export function atTerminal(words: readonly string[], { cwd, env }: At): Dialogue {
  const { PATH = '' } = process.env;
  const line = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  const child = spawn('script', ['-qec', line, '/dev/null'], {
    cwd,
    env: { PATH, SHELL: '/bin/sh', TERM: 'xterm', ...env },
    timeout: 240_000,
  });
  const waiting: Array<{ question: RegExp; line: string }> = [];
  let shown = '';
  let answeredAt = 0;
  const look = (): void => {
    const [first] = waiting;
    if (first === undefined || !first.question.test(shown.slice(answeredAt))) return;
    waiting.shift();
    answeredAt = shown.length;
    child.stdin.write(`${first.line}\r`);
  };
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      shown += stripVTControlCharacters(chunk.toString('utf8'));
      look();
    });
  return {
    answer: (question, answer) => {
      waiting.push({ question, line: answer });
      look();
    },
    ended: new Promise((resolve) => {
      child.once('exit', (code) => resolve({ code: code ?? -1, out: shown, err: '' }));
    }),
  };
}
