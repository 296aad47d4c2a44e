// The box for a question. It is asked when somebody sends it, so that each question is one step that Back goes through.
import { type FormEvent, useState } from 'react';
import { Icon } from '../../ui/icon.js';

interface SearchFormProps {
  readonly question: string;
  readonly onAsk: (question: string) => void;
}

export function SearchForm({ question, onAsk }: SearchFormProps) {
  const [text, setText] = useState(question);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== '') onAsk(text.trim());
  };
  return (
    <search>
      <form className="search-form" onSubmit={submit}>
        <div className="filter search-input">
          <Icon name="search" />
          <input
            type="search"
            className="input"
            aria-label="Your question"
            placeholder="What do you want to know?"
            data-testid="search-input"
            maxLength={1_000}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
        <button type="submit" className="button button-main" data-testid="search-go" disabled={text.trim() === ''}>
          Search
        </button>
      </form>
    </search>
  );
}
