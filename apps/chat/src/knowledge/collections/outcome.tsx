// What became of documents that were added, with what was left out and why.
import { knowledgeHref } from '../../route.js';
import { plural } from '../../ui/figures.js';
import type { Ingested } from '../knowledge.js';
import { outcomeText } from './collection-words.js';

export function Outcome({ outcome }: { outcome: Ingested }) {
  const { collectionId, skipped, skippedCount, commit } = outcome;
  return (
    <>
      <p data-testid="outcome">
        {outcomeText(outcome)}.{commit !== null && ` Commit ${commit.slice(0, 10)}.`}{' '}
        <a href={knowledgeHref('search', undefined, { in: collectionId })}>Search in it</a>
      </p>
      {skippedCount > 0 && (
        <details>
          <summary>{plural(skippedCount, 'file')} left out</summary>
          <ul className="skipped">
            {skipped.map(({ path, reason }) => (
              <li key={path}>
                <span className="mono">{path}</span> <span className="muted">{reason}</span>
              </li>
            ))}
          </ul>
          {skippedCount > skipped.length && <p className="muted">The first {skipped.length} are shown.</p>}
        </details>
      )}
    </>
  );
}
