// How the policy came to be what it is: who set it, when, why, and what differs from the version before.

import { securityHref } from '../../route.js';
import { formatWhole, shortId } from '../../ui/figures.js';
import type { PolicyAnswer } from './policy.js';

interface VersionListProps {
  readonly answer: PolicyAnswer;
  readonly onRestore: ((version: number) => void) | undefined;
  readonly onMore: () => void;
}

export function VersionList({ answer, onRestore, onMore }: VersionListProps) {
  return (
    <>
      <ol className="versions" data-testid="policy-versions-list">
        {answer.versions.map(({ version, at, by, note, restored, changes }) => (
          <li key={version} className="card version">
            <div className="rule-head">
              <h3>
                <a href={securityHref('policies', String(version))}>
                  {version === 0 ? 'Built in' : `Version ${version}`}
                </a>{' '}
                {version === answer.inForce && <span className="pill pill-good">in force</span>}
              </h3>
              {onRestore && version !== answer.inForce && (
                <button
                  type="button"
                  className="button button-small"
                  aria-label={`Restore version ${version}`}
                  onClick={() => onRestore(version)}
                >
                  Restore…
                </button>
              )}
            </div>
            <p>{note}</p>
            <p className="muted">
              {at !== undefined && formatWhole(at)}
              {by !== undefined && ` by ${shortId(by)}`}
              {restored !== undefined && `, as version ${restored} was`}
            </p>
            {changes.length > 0 && <ChangeList changes={changes} />}
          </li>
        ))}
      </ol>
      {answer.nextBefore !== undefined && (
        <button type="button" className="button" onClick={onMore}>
          Show older versions
        </button>
      )}
    </>
  );
}

export const ChangeList = ({ changes }: { changes: readonly string[] }) => (
  <ul className="changes">
    {changes.map((change) => (
      <li key={change}>{change}</li>
    ))}
  </ul>
);
