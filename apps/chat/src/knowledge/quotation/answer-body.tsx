// An answer as it reads: Markdown, whose [n] lead to the numbered sources; a source opens its document at the passage.
import { useId, useRef } from 'react';
import { MarkdownText } from '../../projects/markdown/markdown-text.js';
import { type Place, type Sources, splitCitations } from './answer.js';
import { Source } from './source.js';

interface AnswerBodyProps {
  readonly text: string;
  readonly sources: Sources | undefined;
  readonly onOpen: (place: Place) => void;
}

const SURE = 0.75;

export function AnswerBody({ text, sources, onOpen }: AnswerBodyProps) {
  const prefix = useId();
  const list = useRef<HTMLOListElement>(null);
  const citations = sources?.citations ?? [];
  const nearest = sources?.nearest ?? [];
  const known = new Set(citations.map(({ number }) => number));
  const goTo = (number: number) => {
    const source = list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${prefix}${number}`)}`);
    source?.scrollIntoView({ block: 'nearest' });
    source?.focus();
  };
  return (
    <>
      {sources?.readAs !== undefined && (
        <p className="muted" data-testid="read-as">
          Read as: {sources.readAs}
        </p>
      )}
      <div className="answer" data-testid="answer">
        <MarkdownText
          text={text}
          showText={(piece) =>
            splitCitations(piece, known).map((part, place) =>
              'text' in part ? (
                part.text
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text never move
                <CitationMark key={place} number={part.citation} prefix={prefix} onGo={goTo} />
              ),
            )
          }
        />
      </div>
      {sources?.answered && (
        <p className="muted" data-testid="confidence">
          {sources.confidence >= SURE ? 'It is sure of this answer' : 'It is not sure of this answer'}:{' '}
          {Math.round(sources.confidence * 100)} %
        </p>
      )}
      {citations.length > 0 && (
        <section className="sources" aria-labelledby={`${prefix}sources`}>
          <h3 id={`${prefix}sources`}>Sources</h3>
          <ol ref={list} className="source-list">
            {citations.map((citation) => (
              <li key={citation.number}>
                <Source id={`${prefix}${citation.number}`} number={citation.number} place={citation} onOpen={onOpen} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {nearest.length > 0 && (
        <section className="sources" aria-labelledby={`${prefix}nearest`} data-testid="nearest">
          <h3 id={`${prefix}nearest`}>Nearest, but not an answer</h3>
          <ul className="source-list">
            {nearest.map((place) => (
              <li key={`${place.file} ${place.start}`}>
                <Source place={place} onOpen={onOpen} />
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  );
}

const CitationMark = (props: { number: number; prefix: string; onGo: (number: number) => void }) => (
  <a
    className="mark"
    href={`#${props.prefix}${props.number}`}
    aria-label={`Source ${props.number}`}
    onClick={(event) => {
      event.preventDefault(); // the fragment names the page
      props.onGo(props.number);
    }}
  >
    {props.number}
  </a>
);
