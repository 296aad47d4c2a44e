// A logged solution, and the document it becomes. The same row gives the same text in every replica.
import type { Document } from '../corpus/document.js';

export interface NewSolution {
  readonly id: string;
  readonly title: string;
  readonly problem: string;
  readonly solution: string;
  readonly tags: readonly string[];
  readonly authorWalletId: string;
}

export interface Solution extends NewSolution {
  /** Counts up from 1 without gaps, in the order in which solutions became visible. */
  readonly sequence: number;
  readonly loggedAt: Date;
}

export const fileOf = ({ id }: { id: string }): string => `solutions/${id}.md`;

/** Markdown with the parts under headings of their own. The author's wallet is not in it. */
export function documentOf(solution: Solution): Document {
  const tags = solution.tags.length === 0 ? '' : `\nTags: ${solution.tags.map(oneLine).join(', ')}\n`;
  const text = `# ${oneLine(solution.title)}\n\n## Problem\n\n${solution.problem.trim()}\n\n## Solution\n\n${solution.solution.trim()}\n${tags}`;
  return { file: fileOf(solution), text };
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();
