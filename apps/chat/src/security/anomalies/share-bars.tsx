// Parts of a whole as horizontal bars, the largest first. Words and figures stand beside each, so nothing is in colour alone.
interface ShareBarsProps {
  readonly bars: readonly { readonly name: string; readonly share: number }[];
}

export function ShareBars({ bars }: ShareBarsProps) {
  const sorted = [...bars].sort((a, b) => b.share - a.share);
  return (
    <ul className="shares" aria-label="What the score consists of">
      {sorted.map(({ name, share }) => (
        <li key={name}>
          <span className="share-name">{name}</span>
          <svg className="share-bar" width="100%" height="10" aria-hidden="true">
            <rect className="meter-track" width="100%" height="10" rx="5" />
            <rect className="meter-value" width={`${Math.round(share * 100)}%`} height="10" rx="5" />
          </svg>
          <span className="share-percent">{Math.round(share * 100)} %</span>
        </li>
      ))}
    </ul>
  );
}
