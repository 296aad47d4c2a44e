// A logged solution, and the document it becomes. The same row gives the same text in every replica, whatever is said of it later:
// votes and acceptance are not in it, so that what was cited stays where it was.
import { type Document, newDocument } from '../corpus/document.js';

export interface NewSolution {
  readonly id: string;
  readonly title: string;
  readonly problem: string;
  readonly solution: string;
  readonly tags: readonly string[];
  readonly authorWalletId: string;
  /** Ids and addresses of what others can look at. */
  readonly evidence: readonly string[];
  /** Of the errors that it solves: never a line of them. */
  readonly errorTemplates: readonly string[];
  readonly contentHash: string;
  /** Id of the first of those that solve the same. */
  readonly variantOf: string | null;
}

export interface Solution extends Omit<NewSolution, 'contentHash'> {
  /** Counts up from 1 without gaps, in the order in which solutions became visible. */
  readonly sequence: number;
  readonly loggedAt: Date;
}

/** The part of the knowledge base that solutions are. */
export const SOLUTIONS = 'solutions';

const FILE = /^solutions\/(.+)\.md$/;

export const fileOf = ({ id }: { id: string }): string => `solutions/${id}.md`;
/** Undefined for a document that is no solution. */
export const idOf = (file: string): string | undefined => FILE.exec(file)?.[1];

/** Markdown with the parts under headings of their own. The author's wallet is not in it. */
export function documentOf(solution: Solution): Document {
  const { title, problem, tags, evidence, variantOf } = solution;
  const before = `# ${oneLine(title)}\n\n## Problem\n\n${problem.trim()}\n\n## Solution\n\n`;
  const said = before + solution.solution.trim();
  const after = [
    ...(tags.length === 0 ? [] : [`Tags: ${tags.map(oneLine).join(', ')}`]),
    ...(variantOf === null ? [] : [`Another solution of the same: kb://${fileOf({ id: variantOf })}`]),
    ...(evidence.length === 0 ? [] : [`## Evidence\n\n${evidence.map((one) => `- \`${one}\``).join('\n')}`]),
  ];
  return newDocument({
    file: fileOf(solution),
    collection: SOLUTIONS,
    at: solution.loggedAt,
    text: `${[said, ...after].join('\n\n')}\n`,
    cure: { start: before.length, end: said.length },
  });
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
