// Choices in order, the best first. Each is moved by its buttons, or by the arrow keys on either of them.
import { useEffect, useRef, useState } from 'react';
import { Icon } from '../../ui/icon.js';
import { moved } from './ballot.js';
import type { Choice } from './proposal.js';

interface RankingProps {
  readonly choices: readonly Choice[];
  readonly order: readonly number[];
  readonly onOrder: (order: readonly number[]) => void;
}

type By = -1 | 1;

export function Ranking({ choices, order, onOrder }: RankingProps) {
  const list = useRef<HTMLOListElement>(null);
  const [last, setLast] = useState<{ number: number; by: By; said: string }>();
  const textOf = (number: number): string => choices.find((choice) => choice.number === number)?.text ?? '';
  const move = (number: number, by: By) => {
    const next = moved(order, number, by);
    if (next === order) return;
    onOrder(next);
    setLast({ number, by, said: `${textOf(number)} is number ${next.indexOf(number) + 1} of ${next.length}.` });
  };
  // What moves in the document loses its focus; a button at an end can be pressed no more, its other one can.
  useEffect(() => {
    if (!last) return;
    const buttons = list.current?.querySelectorAll<HTMLButtonElement>(`[data-choice="${last.number}"]:not(:disabled)`);
    const same = [...(buttons ?? [])].find((button) => button.dataset.by === String(last.by));
    (same ?? buttons?.[0])?.focus();
  }, [last]);
  return (
    <>
      <ol ref={list} className="ranking" aria-label="Ballot: your order, the best first" data-testid="ranking">
        {order.map((number, at) => (
          <li key={number} className="ranking-item">
            <span className="ranking-place">{at + 1}</span>
            <span className="ranking-text">{textOf(number)}</span>
            {([-1, 1] as const).map((by) => (
              <button
                key={by}
                type="button"
                className={by === -1 ? 'button button-icon ranking-up' : 'button button-icon ranking-down'}
                data-choice={number}
                data-by={by}
                data-testid={`rank-${by === -1 ? 'up' : 'down'}-${number}`}
                disabled={by === -1 ? at === 0 : at === order.length - 1}
                aria-label={`Move ${textOf(number)} ${by === -1 ? 'up' : 'down'}`}
                onClick={() => move(number, by)}
                onKeyDown={(event) => {
                  if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
                  event.preventDefault();
                  move(number, event.key === 'ArrowUp' ? -1 : 1);
                }}
              >
                <Icon name="send" />
              </button>
            ))}
          </li>
        ))}
      </ol>
      <p className="sr-only" aria-live="polite">
        {last?.said}
      </p>
    </>
  );
}
