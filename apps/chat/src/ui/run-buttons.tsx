// The button that runs what a form asks for and, while it runs, the one that stops it.
interface RunButtonsProps {
  /** Of the button that runs. */
  readonly testId: string;
  readonly cancelTestId?: string;
  readonly label: string;
  readonly runningLabel: string;
  readonly running: boolean;
  readonly disabled?: boolean;
  readonly onCancel: () => void;
}

export function RunButtons(props: RunButtonsProps) {
  const { testId, cancelTestId, label, runningLabel, running, disabled = false, onCancel } = props;
  return (
    <>
      <button
        type="submit"
        className="button button-main"
        data-testid={testId}
        disabled={running || disabled}
        aria-busy={running}
      >
        {running ? runningLabel : label}
      </button>
      {running && (
        <button type="button" className="button" data-testid={cancelTestId} onClick={onCancel}>
          Cancel
        </button>
      )}
    </>
  );
}
