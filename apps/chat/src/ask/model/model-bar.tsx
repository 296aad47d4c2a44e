// Who answers: the Librarian, or one of the lab's language models. An operator can connect one here.
import { useState } from 'react';
import { usePartsIn } from '../../mcp/parts.js';
import { TOOLS } from '../conversation/message.js';
import { DockChoice } from '../dock-choice.js';
import { ConnectModelDialog } from './connect-model-dialog.js';
import type { ModelChoice } from './use-models.js';

export function ModelBar({ choice }: { choice: ModelChoice }) {
  const [connecting, setConnecting] = useState(false);
  const mayConnect = usePartsIn(TOOLS).has('setModel');
  if (choice.models.length === 0 && !mayConnect) return null;
  return (
    <div className="model-bar">
      {choice.models.length > 0 && (
        <DockChoice label="Answered by" testId="model-choice" chosen={choice.chosen} onChoose={choice.choose}>
          {choice.models.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
          <option value="">the Librarian, by quotation</option>
        </DockChoice>
      )}
      {mayConnect && (
        <button
          type="button"
          className="button button-small"
          data-testid="model-connect"
          onClick={() => setConnecting(true)}
        >
          Connect a model
        </button>
      )}
      {connecting && (
        <ConnectModelDialog
          onClose={() => {
            setConnecting(false);
            choice.refresh();
          }}
        />
      )}
    </div>
  );
}
