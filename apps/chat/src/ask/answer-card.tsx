// One question with its answer: marks in the text lead to the numbered sources, a source opens its document.
import { useId, useRef } from 'react';
import { Icon } from '../ui/icon.js';
import { FailureNotice, Waiting } from '../ui/notice.js';
import { type Answer, type Citation, paragraphs, splitCitations } from './answer.js';
import { InlineText } from './inline-text.js';
import type { Exchange } from './use-conversation.js';

interface AnswerCardProps {
  readonly exchange: Exchange;
  readonly onOpen: (citation: Citation) => void;
  readonly onRetry: () => void;
}

export function AnswerCard({ exchange, onOpen, onRetry }: AnswerCardProps) {
  const { question, state } = exchange;
  return (
    <article className="exchange">
      <h1 className="exchange-question">{question}</h1>
      <div className="exchange-answer" aria-live="polite" aria-busy={state.status === 'waiting'}>
        {state.status === 'waiting' && <Waiting label="The Librarian is looking it up…" lines={4} />}
        {state.status === 'answered' && <AnswerText answer={state.answer} onOpen={onOpen} />}
        {state.status === 'failed' && (
          <FailureNotice failure={state.failure}>
            <button type="button" className="button" onClick={onRetry}>
              Ask again
            </button>
          </FailureNotice>
        )}
      </div>
    </article>
  );
}

function AnswerText({ answer, onOpen }: { answer: Answer; onOpen: (citation: Citation) => void }) {
  const prefix = useId();
  const list = useRef<HTMLOListElement>(null);
  const known = new Set(answer.citations.map(({ number }) => number));
  const goTo = (number: number) => {
    const source = list.current?.querySelector<HTMLElement>(`#${CSS.escape(`${prefix}${number}`)}`);
    source?.scrollIntoView({ block: 'nearest' });
    source?.focus();
  };
  return (
    <>
      <div className="answer" data-testid="answer">
        {paragraphs(answer.answer).map((paragraph, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: an answer never changes
          <p key={index}>
            {splitCitations(paragraph, known).map((piece, place) =>
              'text' in piece ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: an answer never changes
                <InlineText key={place} text={piece.text} />
              ) : (
                // biome-ignore lint/suspicious/noArrayIndexKey: an answer never changes
                <CitationMark key={place} number={piece.citation} prefix={prefix} onGo={goTo} />
              ),
            )}
          </p>
        ))}
      </div>
      {answer.citations.length > 0 && (
        <section className="sources" aria-labelledby={`${prefix}sources`}>
          <h2 id={`${prefix}sources`}>Sources</h2>
          <ol ref={list} className="source-list">
            {answer.citations.map((citation) => (
              <li key={citation.number}>
                <Source id={`${prefix}${citation.number}`} citation={citation} onOpen={onOpen} />
              </li>
            ))}
          </ol>
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

const Source = (props: { id: string; citation: Citation; onOpen: (citation: Citation) => void }) => (
  <button
    type="button"
    id={props.id}
    className="source"
    data-testid={`citation-${props.citation.number}`}
    onClick={() => props.onOpen(props.citation)}
  >
    <span className="source-number" aria-hidden="true">
      {props.citation.number}
    </span>
    <span className="source-body">
      <span className="source-heading">
        <InlineText text={props.citation.heading || props.citation.file} />
      </span>
      <span className="source-file mono">
        <Icon name="document" />
        {props.citation.file}
        <span className="muted">
          {' '}
          {props.citation.start}–{props.citation.end}
        </span>
      </span>
      <span className="source-text">{props.citation.text}</span>
    </span>
  </button>
);
