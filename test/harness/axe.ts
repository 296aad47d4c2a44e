// What axe finds on a page that WCAG 2.2 AA forbids. What only a person can judge is not in it.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Page } from 'playwright-core';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES: RunOptions = {
  runOnly: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] },
  resultTypes: ['violations'],
};
/** What is wrong, each once: the rule, where, and why. */
export async function faults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const { violations } = (await page.evaluate(
    (options) => (window as unknown as { axe: { run(options: unknown): Promise<unknown> } }).axe.run(options),
    RULES as never,
  )) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.slice(0, 5).map(({ target, any, all, none }) => {
      const why = [...any, ...all, ...none].map(({ message }) => message)[0] ?? '';
      return `${id}: ${target.join(' ')}: ${why}`;
    }),
  );
}

/** Of a page that is scrolled: what is half under its header is none. */
export const faultsInSight = async (page: Page): Promise<string[]> =>
  (await faults(page)).filter((fault) => !fault.includes('partially obscured'));
