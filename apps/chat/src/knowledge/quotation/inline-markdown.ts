// The inline marks of Markdown that quotations carry: `code` and **strong**. Never HTML: what is not a mark stays text.
export type Span = { readonly kind: 'text' | 'code' | 'strong'; readonly text: string };

/** "Use `a` or **b**" -> text, code a, text, strong b. Marks that do not close stay as they are. */
export function inlineSpans(markdown: string): Span[] {
  const spans: Span[] = [];
  let from = 0;
  for (const match of markdown.matchAll(/`([^`\n]+)`|\*\*(?=\S)([^*]+?)\*\*/g)) {
    if (match.index > from) spans.push({ kind: 'text', text: markdown.slice(from, match.index) });
    spans.push(match[1] === undefined ? { kind: 'strong', text: match[2] ?? '' } : { kind: 'code', text: match[1] });
    from = match.index + match[0].length;
  }
  if (from < markdown.length) spans.push({ kind: 'text', text: markdown.slice(from) });
  return spans;
}
