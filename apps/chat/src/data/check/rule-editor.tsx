// Rules beside the schema: a column without gaps, columns that tell rows apart, or a condition in SQL that holds for every row.
import { type FormEvent, useId, useState } from 'react';
import { Icon } from '../../ui/icon.js';
import { type DraftRule, ruleName, ruleOf } from './rules.js';

interface RuleEditorProps {
  readonly columns: readonly string[];
  readonly rules: readonly DraftRule[];
  readonly onRules: (rules: readonly DraftRule[]) => void;
}

const KINDS = [
  { kind: 'notNull', label: 'is never null', hint: 'a column' },
  { kind: 'unique', label: 'tells rows apart', hint: 'columns, with commas between' },
  { kind: 'sql', label: 'SQL holds', hint: 'such as speed > 0' },
] as const;

export function RuleEditor({ columns, rules, onRules }: RuleEditorProps) {
  const [kind, setKind] = useState<DraftRule['kind']>('notNull');
  const [text, setText] = useState('');
  const [listId, textId] = [useId(), useId()];
  const rule = ruleOf(kind, text);
  const add = (event: FormEvent) => {
    event.preventDefault();
    if (!rule) return;
    onRules([...rules.filter((each) => ruleName(each) !== ruleName(rule)), rule]);
    setText('');
  };
  return (
    <fieldset className="rules">
      <legend className="label">
        Rules <span className="muted field-optional">optional</span>
      </legend>
      {rules.length > 0 && <Chips rules={rules} onRules={onRules} />}
      <div className="rule-new">
        <select
          className="input"
          aria-label="Kind of rule"
          data-testid="rule-kind"
          value={kind}
          onChange={(event) => setKind(event.target.value as DraftRule['kind'])}
        >
          {KINDS.map((each) => (
            <option key={each.kind} value={each.kind}>
              {each.label}
            </option>
          ))}
        </select>
        <input
          id={textId}
          className="input mono"
          aria-label="What it is about"
          data-testid="rule-text"
          list={kind === 'sql' ? undefined : listId}
          placeholder={KINDS.find((each) => each.kind === kind)?.hint}
          maxLength={2_000}
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && add(event)}
        />
        <datalist id={listId}>
          {columns.map((column) => (
            <option key={column} value={column} />
          ))}
        </datalist>
        <button type="button" className="button" data-testid="rule-add" disabled={!rule} onClick={add}>
          Add rule
        </button>
      </div>
    </fieldset>
  );
}

const Chips = ({ rules, onRules }: Omit<RuleEditorProps, 'columns'>) => (
  <ul className="rule-chips">
    {rules.map((each) => (
      <li key={ruleName(each)} className="rule-chip">
        <span>{ruleName(each)}</span>
        <button
          type="button"
          className="button button-icon button-small"
          aria-label={`Leave out ${ruleName(each)}`}
          onClick={() => onRules(rules.filter((other) => other !== each))}
        >
          <Icon name="close" />
        </button>
      </li>
    ))}
  </ul>
);
