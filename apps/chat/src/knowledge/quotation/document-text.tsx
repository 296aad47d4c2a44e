// The text of a document as it is written, with a cited span marked and in view.
import { useEffect, useRef } from 'react';
import { type Place, splitDocument } from './answer.js';

interface DocumentTextProps {
  readonly text: string;
  readonly citation: Pick<Place, 'start' | 'end' | 'text'>;
}

export function DocumentText({ text, citation }: DocumentTextProps) {
  const mark = useRef<HTMLElement>(null);
  const { before, span, after } = splitDocument(text, citation);
  useEffect(() => {
    // Newer browsers answer with a promise, which an effect must not return.
    void mark.current?.scrollIntoView({ block: 'center' });
  }, []);
  return (
    <>
      {span === '' && <p className="problem">The document has changed: the cited passage is no longer in it.</p>}
      <pre className="document-text">
        {before}
        {span !== '' && (
          <mark ref={mark} data-testid="document-highlight">
            {span}
          </mark>
        )}
        {after}
      </pre>
    </>
  );
}
