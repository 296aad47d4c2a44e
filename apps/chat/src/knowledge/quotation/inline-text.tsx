// A quotation's text with its inline marks shown as what they mean.
import { inlineSpans } from './inline-markdown.js';

export function InlineText({ text }: { text: string }) {
  return inlineSpans(text).map((span, place) => {
    if (span.kind === 'text') return span.text;
    const Tag = span.kind;
    // biome-ignore lint/suspicious/noArrayIndexKey: a quotation never changes
    return <Tag key={place}>{span.text}</Tag>;
  });
}
