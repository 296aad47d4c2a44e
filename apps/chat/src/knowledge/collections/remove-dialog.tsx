// Asks before a collection, or what one of its sources brought, is taken out of the knowledge base.
import { useAsking } from '../../mcp/use-asking.js';
import { plural } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import type { Collection, Source } from '../knowledge.js';
import { TOOLS } from '../views.js';

export interface Removing {
  readonly collection: Collection;
  /** Left out: all of the collection. */
  readonly source?: Source;
}

interface RemoveDialogProps {
  readonly removing: Removing;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

export function RemoveDialog({ removing: { collection, source }, onDone, onClose }: RemoveDialogProps) {
  const { busy, failure, ask } = useAsking<{ removed: number }>();
  const { collectionId, name } = collection;
  const send = async () => {
    const input = { collectionId, ...(source === undefined ? {} : { sourceId: source.sourceId }) };
    if (!(await ask(TOOLS.remove, input))) return;
    onDone();
    onClose();
  };
  const what = source === undefined ? `the collection ${name}` : source.place;
  return (
    <QuestionDialog
      title={`Remove ${what}?`}
      testId="remove"
      action={source === undefined ? 'Remove the collection' : 'Remove it'}
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>
        {plural((source ?? collection).documents, 'document')} of {name}{' '}
        {(source ?? collection).documents === 1 ? 'goes' : 'go'}, and no answer quotes{' '}
        {(source ?? collection).documents === 1 ? 'it' : 'them'} any more.
      </p>
      <p className="muted">The files that they were made of stay where they are.</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
