// One of a few, with its name above it.
interface ChoiceProps {
  readonly label: string;
  readonly testId: string;
  readonly value: string;
  readonly options: ReadonlyArray<{ readonly value: string; readonly label: string }>;
  readonly onChoose: (value: string) => void;
}

export const Choice = ({ label, testId, value, options, onChoose }: ChoiceProps) => (
  <label className="choice">
    <span className="label">{label}</span>
    <select className="input" data-testid={testId} value={value} onChange={(event) => onChoose(event.target.value)}>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  </label>
);
