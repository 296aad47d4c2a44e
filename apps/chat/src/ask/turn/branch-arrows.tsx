// Between what stands beside each other: "2 / 3", with arrows to the one before and after.
import { Icon } from '../../ui/icon.js';

interface BranchArrowsProps {
  readonly messageId: string;
  readonly beside: readonly string[];
  readonly of: 'question' | 'answer';
  readonly onChoose: (messageId: string) => void;
}

export function BranchArrows({ messageId, beside, of, onChoose }: BranchArrowsProps) {
  const at = beside.indexOf(messageId);
  if (beside.length < 2) return null;
  const button = (to: number, label: string, icon: 'back' | 'next') => (
    <button
      type="button"
      className="turn-button"
      aria-label={label}
      title={label}
      disabled={beside[to] === undefined}
      onClick={() => onChoose(beside[to] ?? messageId)}
    >
      <Icon name={icon} />
    </button>
  );
  return (
    <fieldset className="branches" data-testid="branches">
      <legend className="sr-only">Versions of this {of}</legend>
      {button(at - 1, `The ${of} before`, 'back')}
      <span className="branches-at">
        {at + 1} / {beside.length}
      </span>
      {button(at + 1, `The ${of} after`, 'next')}
    </fieldset>
  );
}
