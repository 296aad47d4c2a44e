// The field that an amount is typed into, as a text: it is never a number on the page.

import { Field } from '../ui/field.js';
import { CURRENCY } from './amount.js';

interface AmountFieldProps {
  readonly testId: string;
  readonly text: string;
  readonly onText: (text: string) => void;
  readonly hint?: string;
  readonly problem?: string | undefined;
}

export function AmountField({ testId, text, onText, hint, problem }: AmountFieldProps) {
  return (
    <Field label={`Amount, ${CURRENCY}`} problem={problem} hint={hint}>
      {(field) => (
        <input
          {...field}
          className="input"
          data-testid={testId}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          onChange={(event) => onText(event.target.value)}
        />
      )}
    </Field>
  );
}
