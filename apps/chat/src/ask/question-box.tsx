// The question box: Enter sends, Shift+Enter makes a new line.
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react';
import { Icon } from '../ui/icon.js';
import { QUESTION_MAX } from './use-conversation.js';

export function QuestionBox({ ask }: { ask: (question: string) => void }) {
  const [text, setText] = useState('');
  const id = useId();
  const question = text.trim();
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (question === '') return;
    ask(question);
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes a character, Enter accepts it.
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };
  return (
    <form className="question-dock" onSubmit={send}>
      <div className="question-box">
        <label className="sr-only" htmlFor={id}>
          Your question
        </label>
        <textarea
          id={id}
          className="question-input"
          data-testid="ask-input"
          rows={1}
          maxLength={QUESTION_MAX}
          placeholder="Ask the lab a question"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
        />
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
      </div>
    </form>
  );
}
