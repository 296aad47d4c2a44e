// A solution's document taken apart: its text, and what the lab writes below it. What only looks like that, somewhere above, stays text.
export interface SolutionText {
  readonly title: string;
  /** Problem and solution, as Markdown. */
  readonly body: string;
  readonly tags: readonly string[];
  /** File of the first of those that solve the same. */
  readonly variantOf: string | undefined;
  readonly evidence: readonly string[];
}

const TITLE = /^# ([^\n]*)\n+/;
const BELOW =
  /(?:\n\nTags: ([^\n]+))?(?:\n\nAnother solution of the same: kb:\/\/(solutions\/sol_[0-9a-z-]{1,60}\.md))?(?:\n\n## Evidence\n\n((?:- `[^`\n]+`\n?)+))?\n?$/;

export function solutionText(document: string): SolutionText {
  const title = TITLE.exec(document);
  const rest = document.slice(title?.[0].length ?? 0).trimEnd();
  const below = BELOW.exec(rest);
  const [, tags, variantOf, evidence = ''] = below ?? [];
  return {
    title: title?.[1] ?? '',
    body: rest.slice(0, below?.index ?? rest.length),
    tags: tags === undefined ? [] : tags.split(', '),
    variantOf,
    evidence: [...evidence.matchAll(/^- `([^`\n]+)`$/gm)].map(([, one = '']) => one),
  };
}
