// One question with its answer: marks in the text lead to the numbered sources, a source opens its document.
import { type ReactNode, useId, useRef } from 'react';
import { Icon } from '../ui/icon.js';
import { FailureNotice, Waiting } from '../ui/notice.js';
import { type Answer, type Place, paragraphs, splitCitations } from './answer.js';
import { InlineText } from './inline-text.js';
import { tellsToDo } from './told.js';
import type { Exchange } from './use-conversation.js';

interface AnswerCardProps {
  readonly exchange: Exchange;
  readonly onOpen: (place: Place) => void;
  readonly onRetry: () => void;
  /** What can be done about the question: before the answer where it tells what to do, after it where it asks. */
  readonly children: ReactNode;
}

export function AnswerCard({ exchange, onOpen, onRetry, children }: AnswerCardProps) {
  const { question, state } = exchange;
  const tells = tellsToDo(question);
  return (
    <article className="exchange">
      <h1 className="exchange-question">{question}</h1>
      {tells && children}
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
      {!tells && children}
    </article>
  );
}

function AnswerText({ answer, onOpen }: { answer: Answer; onOpen: (place: Place) => void }) {
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
      {answer.answered && <Confidence value={answer.confidence} />}
      {answer.citations.length > 0 && (
        <section className="sources" aria-labelledby={`${prefix}sources`}>
          <h2 id={`${prefix}sources`}>Sources</h2>
          <ol ref={list} className="source-list">
            {answer.citations.map((citation) => (
              <li key={citation.number}>
                <Source id={`${prefix}${citation.number}`} number={citation.number} place={citation} onOpen={onOpen} />
              </li>
            ))}
          </ol>
        </section>
      )}
      {answer.nearest.length > 0 && (
        <section className="sources" aria-labelledby={`${prefix}nearest`} data-testid="nearest">
          <h2 id={`${prefix}nearest`}>Nearest, but not an answer</h2>
          <ul className="source-list">
            {answer.nearest.map((place) => (
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

const SURE = 0.75;

const Confidence = ({ value }: { value: number }) => (
  <p className="muted" data-testid="confidence">
    {value >= SURE ? 'It is sure of this answer' : 'It is not sure of this answer'}: {Math.round(value * 100)} %
  </p>
);

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

interface SourceProps {
  readonly id?: string;
  /** Left out for what no mark leads to. */
  readonly number?: number;
  readonly place: Place;
  readonly onOpen: (place: Place) => void;
}

const Source = ({ id, number, place, onOpen }: SourceProps) => (
  <button
    type="button"
    id={id}
    className="source"
    data-testid={number === undefined ? undefined : `citation-${number}`}
    onClick={() => onOpen(place)}
  >
    {number !== undefined && (
      <span className="source-number" aria-hidden="true">
        {number}
      </span>
    )}
    <span className="source-body">
      <span className="source-heading">
        <InlineText text={place.heading || place.file} />
      </span>
      <span className="source-file mono">
        <Icon name="document" />
        {place.file}
        <span className="muted">
          {' '}
          {place.start}–{place.end}
        </span>
      </span>
      <span className="source-text">{place.text}</span>
    </span>
  </button>
);
