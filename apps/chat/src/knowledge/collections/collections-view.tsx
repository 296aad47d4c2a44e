// The collections of documents that one may read: one's own with their sources, those that are shared, and the lab's.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { knowledgeHref } from '../../route.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Collection, Collections } from '../knowledge.js';
import { useParts } from '../use-parts.js';
import { NEW, TOOLS } from '../views.js';
import { CollectionCard } from './collection-card.js';
import { type Whose, whoseOf } from './collection-words.js';
import { QuotaBars } from './quota-bars.js';
import { RemoveDialog, type Removing } from './remove-dialog.js';

const GROUPS = [
  { whose: 'mine', title: 'Yours' },
  { whose: 'shared', title: 'Shared with the lab' },
  { whose: 'lab', title: 'The lab’s' },
] as const satisfies ReadonlyArray<{ whose: Whose; title: string }>;

export function CollectionsView() {
  const parts = useParts();
  const { session } = useLab();
  const { value, failure, refresh } = useAnswer<Collections>(TOOLS.collections, {});
  const [removing, setRemoving] = useState<Removing>();
  const groupOf = (whose: Whose): readonly Collection[] =>
    value?.collections.filter((collection) => whoseOf(collection, session.walletId) === whose) ?? [];
  return (
    <>
      <div className="page-head">
        <div>
          <h1>Collections</h1>
          <p className="muted">
            Documents that answers are quoted from. Whoever may not read one is told nothing of it.
          </p>
        </div>
        {parts.has('ingest') && (
          <div className="page-actions">
            <a className="button button-main" href={knowledgeHref('collections', NEW)} data-testid="collection-new">
              Add documents
            </a>
          </div>
        )}
      </div>
      {failure && <FailureNotice failure={failure} />}
      {!value && !failure && <Waiting label="Fetching the collections…" lines={6} />}
      {value && parts.has('ingest') && <QuotaBars quota={value.quota} />}
      {value && groupOf('mine').length === 0 && <Nothing mayAdd={parts.has('ingest')} />}
      {value &&
        GROUPS.map(({ whose, title }) => (
          <Group
            key={whose}
            title={title}
            collections={groupOf(whose)}
            onRemove={whose === 'mine' && parts.has('remove') ? setRemoving : undefined}
          />
        ))}
      {removing && <RemoveDialog removing={removing} onDone={refresh} onClose={() => setRemoving(undefined)} />}
    </>
  );
}

interface GroupProps {
  readonly title: string;
  readonly collections: readonly Collection[];
  readonly onRemove: ((removing: Removing) => void) | undefined;
}

function Group({ title, collections, onRemove }: GroupProps) {
  if (collections.length === 0) return null;
  return (
    <section className="section" aria-label={title}>
      <h2>{title}</h2>
      <ul className="collection-list" data-testid="collections">
        {collections.map((collection) => (
          <li key={collection.collectionId}>
            <CollectionCard collection={collection} onRemove={onRemove} />
          </li>
        ))}
      </ul>
    </section>
  );
}

const Nothing = ({ mayAdd }: { mayAdd: boolean }) => (
  <div className="nothing" data-testid="collections-nothing">
    <p>You have brought no documents yet.</p>
    <p className="muted">
      {mayAdd
        ? 'Add manuals, notes or code: only you find them, unless an operator shares them with the lab.'
        : 'Whoever may write to the knowledge base can add some.'}
    </p>
  </div>
);
