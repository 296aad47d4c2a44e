// Looking for a text in a log, and for the next line that looks like an error.
import { useEffect, useState } from 'react';
import { Icon } from '../../ui/icon.js';
import { countPortion, isError, type Matcher, matcherOf, nextMatch } from './line-search.js';
import type { LogLines } from './log-lines.js';

interface LogSearchBarProps {
  readonly lines: LogLines;
  readonly turn: number;
  /** Where the search stands; -1: before the first line. */
  readonly at: number;
  readonly onFound: (line: number) => void;
}

export function LogSearchBar({ lines, turn, at, onFound }: LogSearchBarProps) {
  const [wanted, setWanted] = useState('');
  const found = useCount(lines, turn, wanted);
  const [nothing, setNothing] = useState('');
  const go = (matches: Matcher, step: 1 | -1, what: string) => {
    const line = nextMatch(lines, { from: at, step, matches });
    setNothing(line === undefined ? `No ${what} in it.` : '');
    if (line !== undefined) onFound(line);
  };
  const search = (step: 1 | -1) => wanted !== '' && go(matcherOf(wanted), step, 'such line');
  return (
    <search className="log-search">
      <input
        type="search"
        className="input log-search-text"
        data-testid="log-search"
        aria-label="Search in the log"
        placeholder="Search in the log"
        value={wanted}
        onChange={(event) => setWanted(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          search(event.shiftKey ? -1 : 1);
        }}
      />
      <button type="button" className="button button-small" disabled={wanted === ''} onClick={() => search(-1)}>
        Previous
      </button>
      <button
        type="button"
        className="button button-small"
        data-testid="log-next"
        disabled={wanted === ''}
        onClick={() => search(1)}
      >
        Next
      </button>
      <button
        type="button"
        className="button button-small"
        data-testid="log-error"
        onClick={() => go(isError, 1, 'error')}
      >
        <Icon name="alert" /> Next error
      </button>
      <span className="muted" role="status" data-testid="log-found">
        {nothing || (wanted === '' ? '' : `${found.toLocaleString('en')} ${found === 1 ? 'line' : 'lines'}`)}
      </span>
    </search>
  );
}

/** Counted a portion at a time, so that typing stays quick in a million lines. */
function useCount(lines: LogLines, turn: number, wanted: string): number {
  const [count, setCount] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that there are more lines
  useEffect(() => {
    if (wanted === '') return setCount(0);
    const matches = matcherOf(wanted);
    let [sum, from] = [0, 0];
    let timer: ReturnType<typeof setTimeout>;
    const portion = () => {
      const { found, next } = countPortion(lines, from, matches);
      sum += found;
      from = next;
      if (from < lines.length) timer = setTimeout(portion);
      else setCount(sum);
    };
    timer = setTimeout(portion, 150);
    return () => clearTimeout(timer);
  }, [lines, turn, wanted]);
  return count;
}
