// What can be done with a conversation as a whole: another name, a file of it, or its end.
import { useState } from 'react';
import { saveBlob } from '../../data/dataset/save-file.js';
import type { Failure } from '../../failure.js';
import { callFor } from '../../mcp/connection.js';
import { useLab } from '../../mcp/lab.js';
import { useAsking } from '../../mcp/use-asking.js';
import { askHref } from '../../route.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { TOOLS } from '../conversation/message.js';

type Dialog = 'rename' | 'delete' | 'export';

interface ConversationActionsProps {
  readonly conversationId: string;
  readonly title: string;
  readonly onRenamed: (title: string) => void;
  readonly onDeleted: () => void;
}

export function ConversationActions(props: ConversationActionsProps) {
  const [dialog, setDialog] = useState<Dialog>();
  const close = () => setDialog(undefined);
  const button = (name: Dialog, label: string) => (
    <button
      type="button"
      className="button button-small"
      data-testid={`conversation-${name}`}
      onClick={() => setDialog(name)}
    >
      {label}
    </button>
  );
  return (
    <div className="conversation-actions">
      {button('rename', 'Rename')}
      {button('export', 'Export')}
      {button('delete', 'Delete')}
      {dialog === 'rename' && <RenameDialog {...props} onClose={close} />}
      {dialog === 'delete' && <DeleteDialog {...props} onClose={close} />}
      {dialog === 'export' && <ExportDialog {...props} onClose={close} />}
    </div>
  );
}

interface DialogProps extends ConversationActionsProps {
  readonly onClose: () => void;
}

function RenameDialog({ conversationId, title, onRenamed, onClose }: DialogProps) {
  const [text, setText] = useState(title);
  const { busy, failure, ask } = useAsking<{ title: string }>();
  const send = async () => {
    const answer = await ask(TOOLS.rename, { conversationId, title: text.trim() });
    if (!answer) return;
    onRenamed(answer.title);
    onClose();
  };
  return (
    <QuestionDialog
      title="Rename the conversation"
      testId="rename"
      action="Rename it"
      busy={busy}
      disabled={text.trim() === ''}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <input
        className="input"
        aria-label="Its new name"
        data-testid="rename-title"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

function DeleteDialog({ conversationId, title, onDeleted, onClose }: DialogProps) {
  const { busy, failure, ask } = useAsking();
  const send = async () => {
    if (!(await ask(TOOLS.delete, { conversationId }))) return;
    onDeleted();
    location.hash = askHref();
  };
  return (
    <QuestionDialog
      title="Delete the conversation?"
      testId="delete"
      action="Delete it"
      dangerous
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>“{title}” and all that was written in it are gone then, for good.</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}

interface Exported {
  readonly name: string;
  readonly mediaType: string;
  readonly text: string;
  readonly nextCursor?: string;
}

function ExportDialog({ conversationId, onClose }: DialogProps) {
  const { connection } = useLab();
  const [format, setFormat] = useState<'markdown' | 'json'>('markdown');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const send = async () => {
    setBusy(true);
    const texts: string[] = [];
    for (let cursor: string | undefined; ; ) {
      const input = { conversationId, format, ...(cursor === undefined ? {} : { cursor }) };
      const page = await callFor<Exported>(connection, { name: TOOLS.export, input });
      if (!page.ok) {
        setFailure(page.failure);
        return setBusy(false);
      }
      texts.push(page.value.text);
      cursor = page.value.nextCursor;
      if (cursor !== undefined) continue;
      saveBlob(new Blob(texts, { type: page.value.mediaType }), page.value.name);
      return onClose();
    }
  };
  return (
    <QuestionDialog
      title="Export the conversation"
      testId="export"
      action="Save the file"
      busy={busy}
      onSubmit={() => void send()}
      onClose={onClose}
    >
      <p>Every branch of it, in one file.</p>
      {(['markdown', 'json'] as const).map((each) => (
        <label key={each} className="check-label">
          <input type="radio" name="format" checked={format === each} onChange={() => setFormat(each)} />
          {each === 'markdown' ? 'Markdown, to read' : 'JSON, for programs'}
        </label>
      ))}
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
