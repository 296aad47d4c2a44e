// A ballot to fill in, as the voting system has it: one choice, several, weights, or an order.
import type { ReactNode } from 'react';
import { type Ballot, SUPPORTS } from './ballot.js';
import type { Choice, Voting } from './proposal.js';
import { Ranking } from './ranking.js';

interface BallotFieldsProps {
  readonly voting: Voting;
  readonly choices: readonly Choice[];
  readonly ballot: Ballot;
  readonly onBallot: (ballot: Ballot) => void;
}

const SUPPORT_TEXT = { for: 'For', against: 'Against', abstain: 'Abstain' } as const;

export function BallotFields({ voting, choices, ballot, onBallot }: BallotFieldsProps): ReactNode {
  switch (voting) {
    case 'basic':
      return (
        <Marks
          type="radio"
          options={SUPPORTS.map((support) => ({ name: support, text: SUPPORT_TEXT[support] }))}
          chosen={ballot.support === undefined ? [] : [ballot.support]}
          onChosen={(name) => onBallot({ ...ballot, support: SUPPORTS.find((support) => support === name) })}
        />
      );
    case 'single':
    case 'approval':
      return (
        <Marks
          type={voting === 'single' ? 'radio' : 'checkbox'}
          options={choices.map(({ number, text }) => ({ name: String(number), text }))}
          chosen={ballot.chosen.map(String)}
          onChosen={(name, on) =>
            onBallot({ ...ballot, chosen: chosenWith(ballot, Number(name), voting === 'single' ? 'only' : on) })
          }
        />
      );
    case 'weighted':
    case 'quadratic':
      return <Weights choices={choices} ballot={ballot} onBallot={onBallot} />;
    case 'ranked':
    case 'copeland':
      return <Ranking choices={choices} order={ballot.order} onOrder={(order) => onBallot({ ...ballot, order })} />;
    default:
      return voting satisfies never;
  }
}

function chosenWith({ chosen }: Ballot, number: number, how: boolean | 'only'): readonly number[] {
  if (how === 'only') return [number];
  const others = chosen.filter((other) => other !== number);
  return how ? [...others, number] : others;
}

interface MarksProps {
  readonly type: 'radio' | 'checkbox';
  readonly options: ReadonlyArray<{ readonly name: string; readonly text: string }>;
  readonly chosen: readonly string[];
  readonly onChosen: (name: string, on: boolean) => void;
}

const Marks = ({ type, options, chosen, onChosen }: MarksProps) => (
  <fieldset className="ballot">
    <legend className="sr-only">Ballot</legend>
    {options.map(({ name, text }) => (
      <label key={name} className="ballot-mark">
        <input
          type={type}
          name="ballot"
          data-testid={`ballot-${name}`}
          checked={chosen.includes(name)}
          onChange={(event) => onChosen(name, event.target.checked)}
        />
        {text}
      </label>
    ))}
  </fieldset>
);

const Weights = ({ choices, ballot, onBallot }: Omit<BallotFieldsProps, 'voting'>) => (
  <fieldset className="ballot">
    <legend className="sr-only">Ballot: a weight for each choice</legend>
    {choices.map(({ number, text }, at) => (
      <label key={number} className="ballot-mark ballot-weight">
        <input
          type="number"
          min="0"
          max="100"
          step="1"
          className="input"
          data-testid={`ballot-${number}`}
          value={ballot.weights[at] ?? ''}
          onChange={(event) =>
            onBallot({
              ...ballot,
              weights: ballot.weights.map((weight, place) => (place === at ? event.target.value : weight)),
            })
          }
        />
        {text}
      </label>
    ))}
  </fieldset>
);
