// The button under a list that has more than it shows. Each time it asks for twice as many, up to what a tool answers at once.
const MOST = 200;

interface ShowMoreProps {
  readonly limit: number;
  readonly busy: boolean;
  readonly onLimit: (limit: number) => void;
}

export const ShowMore = ({ limit, busy, onLimit }: ShowMoreProps) => (
  <button type="button" className="button" disabled={busy} onClick={() => onLimit(Math.min(MOST, limit * 2))}>
    Show more
  </button>
);
