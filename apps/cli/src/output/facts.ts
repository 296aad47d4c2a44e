// What is known of one thing: a name and a value a line. What is not known is left out.
import { printable } from './failure-text.js';
import type { Output } from './output.js';

export type Fact = readonly [name: string, value: string | null | undefined];

export function showFacts(output: Output, facts: readonly Fact[]): void {
  output.layOut();
  const known = facts.filter((fact): fact is readonly [string, string] => typeof fact[1] === 'string');
  const width = Math.max(0, ...known.map(([name]) => name.length));
  for (const [name, value] of known) output.line(`${output.style('dim', name.padEnd(width))}  ${printable(value)}`);
}
