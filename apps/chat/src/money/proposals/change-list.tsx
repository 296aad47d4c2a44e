// What an execution would set, decoded: each parameter by its meaning, what is in force, and what would be.
import { useAnswer } from '../../mcp/use-answer.js';
import { TOOLS } from '../views.js';
import { inWords, type Parameters } from './parameter.js';
import type { Change, Proposal } from './proposal.js';

export function ChangeList({ proposal: { changes, choices, voting } }: { proposal: Proposal }) {
  const { value } = useAnswer<Parameters>(TOOLS.parameters, {});
  const words = ({ parameter }: Change, amount: string): string => {
    const kind = value?.parameters.find((each) => each.parameter === parameter)?.kind;
    return kind === undefined ? amount : inWords(kind, amount);
  };
  return (
    <ul className="proposal-changes" data-testid="proposal-changes">
      {changes.map((change) => (
        <li key={`${change.choice} ${change.parameter}`} className="card proposal-change">
          <p>
            <span className="change-now">{words(change, change.now)}</span>
            <span className="sr-only"> becomes </span>
            <span aria-hidden="true" className="muted">
              {' → '}
            </span>
            <strong>{words(change, change.value)}</strong>
          </p>
          <p>{change.meaning}</p>
          <p className="muted change-name">
            <span className="mono">{change.parameter}</span>
            {voting !== 'basic' && `, if “${choices.find(({ number }) => number === change.choice)?.text ?? ''}” wins`}
          </p>
        </li>
      ))}
    </ul>
  );
}
