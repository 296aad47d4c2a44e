// A search that follows what is typed, once somebody has stopped typing for a moment.
import { useEffect, useRef, useState } from 'react';
import { Icon } from './icon.js';

/** While somebody types, the lab is not asked for each letter. */
const TYPING_MS = 300;

interface TypedSearchProps {
  readonly label: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly maxLength: number;
  /** Of the address. */
  readonly text: string;
  readonly onText: (text: string) => void;
}

export function TypedSearch({ label, placeholder, testId, maxLength, text, onText }: TypedSearchProps) {
  const [typed, setTyped] = useState(text);
  const tell = useRef(onText);
  tell.current = onText;
  const told = useRef(text);
  // Back, or a link, changes the address under the field. What comes of the field itself is behind what was typed since.
  useEffect(() => {
    if (text === told.current) return;
    told.current = text;
    setTyped(text);
  }, [text]);
  useEffect(() => {
    if (typed === text) return;
    const timer = setTimeout(() => {
      told.current = typed;
      tell.current(typed);
    }, TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed, text]);
  return (
    <search className="filter data-search">
      <Icon name="search" />
      <input
        type="search"
        className="input"
        aria-label={label}
        placeholder={placeholder}
        data-testid={testId}
        maxLength={maxLength}
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </search>
  );
}
