// The rules of a policy: what each denies, to whom, and until when.
import { formatWhole, shortId } from '../../ui/figures.js';
import { type Rule, type Selector, selectorParts } from './policy.js';

export function RuleList({ rules }: { rules: readonly Rule[] }) {
  if (rules.length === 0) {
    return (
      <div className="nothing">
        <p>No rules: what its role has, a wallet may do.</p>
      </div>
    );
  }
  return (
    <ul className="rules" data-testid="policy-rules-list">
      {rules.map((rule) => (
        <li key={rule.id} className="card rule">
          <div className="rule-head">
            <h3 className="mono">{rule.id}</h3>
            {rule.until !== undefined && <span className="pill badge-write">until {formatWhole(rule.until)}</span>}
          </div>
          <p>{rule.description}</p>
          <SelectorLine word="Denies" selector={rule.deny} />
          {rule.except && <SelectorLine word="Except" selector={rule.except} />}
        </li>
      ))}
    </ul>
  );
}

const SelectorLine = ({ word, selector }: { word: string; selector: Selector }) => (
  <dl className="selector">
    <dt>{word}</dt>
    {selectorParts(selector).map(({ name, values }) => (
      <dd key={name}>
        <span className="muted">{name}</span>
        <ul className="value-list">
          {values.map((value) => (
            <li key={value} className="mono" title={value}>
              {name === 'wallets' ? shortId(value) : value}
            </li>
          ))}
        </ul>
      </dd>
    ))}
  </dl>
);
