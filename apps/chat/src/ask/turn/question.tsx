// What the person wrote, and writing it another way, which begins a branch.
import { type FormEvent, type KeyboardEvent, useState } from 'react';
import { Icon } from '../../ui/icon.js';
import { textOf } from '../conversation/message.js';
import type { Step } from '../conversation/tree.js';
import { BranchArrows } from './branch-arrows.js';

interface QuestionProps {
  readonly step: Step;
  readonly onEdit: (text: string) => void;
  readonly onChoose: (messageId: string) => void;
}

export function Question({ step: { message, beside }, onEdit, onChoose }: QuestionProps) {
  const [editing, setEditing] = useState(false);
  const text = textOf(message);
  if (editing)
    return (
      <QuestionForm
        text={text}
        onCancel={() => setEditing(false)}
        onSend={(changed) => {
          setEditing(false);
          onEdit(changed);
        }}
      />
    );
  return (
    <div className="turn turn-question">
      <h2 className="turn-question-text" data-testid="question">
        {text}
      </h2>
      <div className="turn-tools">
        <button
          type="button"
          className="turn-button"
          data-testid="question-edit"
          aria-label="Ask it another way"
          title="Ask it another way"
          onClick={() => setEditing(true)}
        >
          <Icon name="edit" />
        </button>
        <BranchArrows messageId={message.messageId} beside={beside} of="question" onChoose={onChoose} />
      </div>
    </div>
  );
}

interface QuestionFormProps {
  readonly text: string;
  readonly onSend: (text: string) => void;
  readonly onCancel: () => void;
}

function QuestionForm({ text, onSend, onCancel }: QuestionFormProps) {
  const [changed, setChanged] = useState(text);
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (changed.trim() !== '') onSend(changed.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onCancel();
    if (event.key === 'Enter' && !event.shiftKey && !event.nativeEvent.isComposing) send(event);
  };
  return (
    <form className="turn turn-edit" onSubmit={send}>
      <textarea
        className="input"
        aria-label="The question, written another way"
        data-testid="question-changed"
        rows={3}
        // biome-ignore lint/a11y/noAutofocus: it opens because somebody asked to write here
        autoFocus
        value={changed}
        onChange={(event) => setChanged(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div className="row">
        <button type="submit" className="button button-main button-small" data-testid="question-resend">
          Ask
        </button>
        <button type="button" className="button button-small" onClick={onCancel}>
          Cancel
        </button>
      </div>
    </form>
  );
}
