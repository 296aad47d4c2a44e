// Each invariant of the ledger: how much was checked, and what is wrong, if anything.
import { plural } from '../../ui/figures.js';
import { Icon } from '../../ui/icon.js';

export interface Check {
  readonly check: string;
  readonly checked: number;
  readonly wrong: number;
  readonly examples: readonly string[];
}

export const CheckList = ({ checks }: { checks: readonly Check[] }) => (
  <ul className="card ledger-checks" data-testid="books-checks">
    {checks.map(({ check, checked, wrong, examples }) => (
      <li key={check} className={wrong === 0 ? 'check-line' : 'check-line check-wrong'}>
        <Icon name={wrong === 0 ? 'check' : 'alert'} />
        <span>
          {check}
          {wrong > 0 && (
            <span className="check-examples">
              {plural(wrong, 'is', 'are')} wrong, such as <span className="mono hash">{examples.join(', ')}</span>
            </span>
          )}
        </span>
        <span className="muted amount">{checked.toLocaleString('en')} checked</span>
      </li>
    ))}
  </ul>
);
