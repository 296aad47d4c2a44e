// The question box: Enter sends, Shift+Enter makes a new line. While an answer is written it can be stopped here.
import { type FormEvent, type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useState } from 'react';
import { Icon } from '../ui/icon.js';

/** The Librarian's own limit, characters. A model takes more. */
const QUESTION_MAX = { librarian: 1_000, model: 50_000 } as const;

interface QuestionBoxProps {
  readonly box: RefObject<HTMLTextAreaElement | null>;
  readonly byModel: boolean;
  /** What the next question begins with; '' leaves what is there. */
  readonly begin: string;
  readonly onAsk: (question: string) => void;
  /** Undefined while nothing is written. */
  readonly onStop: (() => void) | undefined;
  readonly children?: ReactNode;
}

export function QuestionBox({ box, byModel, begin, onAsk, onStop, children }: QuestionBoxProps) {
  const [text, setText] = useState('');
  useEffect(() => {
    if (begin === '') return;
    setText(begin);
    box.current?.focus();
  }, [begin, box]);
  const id = useId();
  const question = text.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (question === '') return;
    onAsk(question);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter accepts it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };
  return (
    <div className="question-dock">
      <form className="question-box" onSubmit={send}>
        <label className="sr-only" htmlFor={id}>
          Your question
        </label>
        <textarea
          ref={box}
          id={id}
          className="question-input"
          data-testid="ask-input"
          rows={1}
          maxLength={byModel ? QUESTION_MAX.model : QUESTION_MAX.librarian}
          placeholder="Ask the lab a question"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {onStop && (
          <button
            type="button"
            className="button button-icon"
            data-testid="ask-stop"
            aria-label="Stop the answer"
            title="Stop (Escape)"
            onClick={onStop}
          >
            <Icon name="stop" />
          </button>
        )}
        <button
          type="submit"
          className="button button-main button-icon"
          data-testid="ask-send"
          aria-label="Send the question"
          title="Send (Enter)"
          disabled={question === ''}
        >
          <Icon name="send" />
        </button>
      </form>
      {children}
    </div>
  );
}
