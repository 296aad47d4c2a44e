// One of a few by its name, side by side.
interface OneOfProps {
  /** What is chosen, for who does not see the page. */
  readonly legend: string;
  /** Of the group of buttons. */
  readonly group: string;
  readonly choices: ReadonlyArray<{ readonly name: string; readonly label: string }>;
  readonly chosen: string | undefined;
  readonly onChosen: (name: string) => void;
}

export const OneOf = ({ legend, group, choices, chosen, onChosen }: OneOfProps) => (
  <fieldset className="snippet-names">
    <legend className="sr-only">{legend}</legend>
    {choices.map(({ name, label }) => (
      <label key={name} className="snippet-name">
        <input
          type="radio"
          name={group}
          className="sr-only"
          checked={name === chosen}
          onChange={() => onChosen(name)}
        />
        {label}
      </label>
    ))}
  </fieldset>
);
