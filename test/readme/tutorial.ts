// A tutorial as its reader follows it, block by block: `sh` is typed, `text` is what that prints, and anything else is done by hand.
// A block of any other kind that no hand is named for fails: nothing is told that is not tried.
import { join } from 'node:path';
import { expect } from 'vitest';
import { ROOT } from '../harness/lab-under-test.js';
import { type Block, blocksOf, type Terminal } from './commands.js';

/** What is done with a block: a program that is started, a file that is edited. `typed` runs it in the terminal. */
type Hand = (block: Block, typed: () => Promise<string>) => unknown;

export interface Reader {
  readonly terminal: Terminal;
  /** By how a block begins. */
  readonly hands?: Readonly<Record<string, Hand>>;
}

/** For blocks that need what is not here, each with the reason beside it. */
export const leaveOut: Hand = () => undefined;

/** @param name such as `add-an-agent.md` @returns all that was printed */
export async function follow(name: string, { terminal, hands = {} }: Reader): Promise<string> {
  const blocks = blocksOf(join(ROOT, 'docs/tutorials', name));
  const unused = Object.keys(hands).filter((begins) => !blocks.some(({ text }) => text.trim().startsWith(begins)));
  expect(unused, `${name} has no block that begins so`).toEqual([]);
  let before = 0;
  for (const block of blocks) {
    if (block.language === 'text') {
      showsLines(terminal.printed.slice(before), block.text, name);
      continue;
    }
    before = terminal.printed.length;
    const hand = Object.entries(hands).find(([begins]) => block.text.trim().startsWith(begins))?.[1];
    const typed = () => terminal.run(block.text);
    if (hand !== undefined) await hand(block, typed);
    else if (block.language === 'sh') await typed();
    else throw new Error(`Nobody does what ${name} has here:\n${block.text}`);
  }
  return terminal.printed;
}

const plain = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Each line of what the page shows stands in a line that was printed, in the same order; … stands for anything. */
function showsLines(printed: string, shown: string, name: string): void {
  const lines = printed.split('\n').map(plain);
  let from = 0;
  for (const line of shown.trim().split('\n')) {
    const parts = plain(line).split('…');
    const form = new RegExp(parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*'));
    const at = lines.findIndex((each, index) => index >= from && form.test(each));
    expect(at, `${name} shows “${line}”, and this was printed:\n${printed}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}
