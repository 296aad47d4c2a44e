// One collection: how much it has, whose it is, who reads it, and of one's own the sources with what is wrong with them.
import { useLab } from '../../mcp/lab.js';
import { knowledgeHref, projectsHref } from '../../route.js';
import { formatFromNow, formatWhole, plural } from '../../ui/figures.js';
import type { Collection, Source } from '../knowledge.js';
import { useParts } from '../use-parts.js';
import { NEW } from '../views.js';
import { charactersText, FROM, gitPlace, ownerText, readersText } from './collection-words.js';
import type { Removing } from './remove-dialog.js';

interface CollectionCardProps {
  readonly collection: Collection;
  /** Undefined where the caller may remove nothing of it. */
  readonly onRemove: ((removing: Removing) => void) | undefined;
}

export function CollectionCard({ collection, onRemove }: CollectionCardProps) {
  const { session } = useLab();
  const parts = useParts();
  const { collectionId, name, documents, characters, updatedAt, sources, project } = collection;
  const mine = onRemove !== undefined;
  const readers = readersText(collection);
  return (
    <article className="card collection-card" data-testid={`collection-${name}`}>
      <div className="collection-head">
        <h3>{name}</h3>
        <div className="knowledge-buttons">
          {parts.has('ask') && (
            <a className="button button-small" href={knowledgeHref('search', undefined, { in: collectionId })}>
              Search in it
            </a>
          )}
          {mine && parts.has('ingest') && (
            <a className="button button-small" href={knowledgeHref('collections', NEW, { collection: name })}>
              Add to it
            </a>
          )}
          {mine && (
            <button
              type="button"
              className="button button-small button-quiet-bad"
              data-testid={`collection-remove-${name}`}
              aria-label={`Remove the collection ${name}`}
              onClick={() => onRemove({ collection })}
            >
              Remove…
            </button>
          )}
        </div>
      </div>
      <p className="muted knowledge-facts">
        <span>{ownerText(collection, session.walletId)}</span>
        {readers !== '' && <span>{readers}</span>}
        <span>{plural(documents, 'document')}</span>
        <span>{charactersText(characters)}</span>
        {updatedAt !== null && (
          <span title={formatWhole(updatedAt)}>changed {formatFromNow(updatedAt, Date.now())}</span>
        )}
        {project !== null && <a href={projectsHref('list', project)}>of a project of yours</a>}
      </p>
      {sources.length > 0 && (
        <ul className="source-rows" aria-label={`Sources of ${name}`}>
          {sources.map((source) => (
            <SourceRow
              key={source.sourceId}
              collection={collection}
              source={source}
              onRemove={onRemove && (() => onRemove({ collection, source }))}
            />
          ))}
        </ul>
      )}
    </article>
  );
}

interface SourceRowProps {
  readonly collection: Collection;
  readonly source: Source;
  readonly onRemove: (() => void) | undefined;
}

function SourceRow({ collection, source, onRemove }: SourceRowProps) {
  const parts = useParts();
  const { from, place, documents, checkedAt, commit, problem } = source;
  const again = from === 'git' || from === 'folder';
  return (
    <li className="source-row">
      <div className="source-row-main">
        <p className="mono source-place">{place}</p>
        <p className="muted knowledge-facts">
          <span>{FROM[from]}</span>
          <span>{plural(documents, 'document')}</span>
          <span title={formatWhole(checkedAt)}>looked at {formatFromNow(checkedAt, Date.now())}</span>
          {commit !== null && (
            <span>
              commit <span className="mono">{commit.slice(0, 10)}</span>
            </span>
          )}
          {problem === null ? (
            <span className="pill pill-good">in order</span>
          ) : (
            <span className="pill pill-bad">took nothing</span>
          )}
        </p>
        {problem !== null && <p className="problem">{problem}</p>}
      </div>
      <div className="knowledge-buttons">
        {again && parts.has('ingest') && (
          <a className="button button-small" href={knowledgeHref('collections', NEW, againAt(collection, source))}>
            Look again…
          </a>
        )}
        {onRemove && (
          <button
            type="button"
            className="button button-small button-quiet-bad"
            aria-label={`Remove ${place}`}
            onClick={onRemove}
          >
            Remove…
          </button>
        )}
      </div>
    </li>
  );
}

/** What the form begins with. */
function againAt({ name }: Collection, { from, place, ref }: Source) {
  if (from !== 'git') return { collection: name, from, folder: place };
  const { url, folder } = gitPlace(place);
  return { collection: name, from, url, folder, ref: ref ?? undefined };
}
