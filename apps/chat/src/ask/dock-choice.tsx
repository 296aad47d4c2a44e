// A choice below the question, named in front of it. An empty one is none.
import type { ReactNode } from 'react';

interface DockChoiceProps {
  readonly label: string;
  readonly testId: string;
  readonly chosen: string | undefined;
  readonly onChoose: (value: string | undefined) => void;
  /** Its options. */
  readonly children: ReactNode;
}

export const DockChoice = ({ label, testId, chosen, onChoose, children }: DockChoiceProps) => (
  <label className="model-choice">
    <span className="muted">{label}</span>
    <select
      className="input"
      data-testid={testId}
      value={chosen ?? ''}
      onChange={(event) => onChoose(event.target.value || undefined)}
    >
      {children}
    </select>
  </label>
);
