// What moves a proposal on: queue it, execute it, cancel it. Each asks first; who may, the lab decides.
import { useState } from 'react';
import { useLab } from '../../mcp/lab.js';
import { useAsking } from '../../mcp/use-asking.js';
import { formatWhole } from '../../ui/figures.js';
import { FailureNotice } from '../../ui/notice.js';
import { QuestionDialog } from '../../ui/question-dialog.js';
import { useParts } from '../use-parts.js';
import { type Part, TOOLS } from '../views.js';
import type { Proposal } from './proposal.js';

const ACTIONS = {
  queue: {
    label: 'Queue',
    title: 'Queue this proposal?',
    text: 'Its waiting time begins; after it the changes may be executed.',
  },
  execute: { label: 'Execute', title: 'Execute this proposal?', text: 'All that it changes holds at once.' },
  cancel: {
    label: 'Cancel it',
    title: 'Cancel this proposal?',
    text: 'It ends here, for good. Its text and votes stay to be read.',
  },
} as const satisfies Partial<Record<Part, { label: string; title: string; text: string }>>;
type Action = keyof typeof ACTIONS;

const OPEN = new Set(['pending', 'active', 'succeeded', 'queued']);

/** What is worth offering; a proposal of text alone ends with its vote. */
function actionsFor({ state, changes, proposer, timeline }: Proposal, who: { walletId?: string; role?: string }) {
  const actions: Action[] = [];
  if (state === 'succeeded' && changes.length > 0) actions.push('queue');
  if (state === 'queued' && Date.parse(timeline.executableFrom ?? '') <= Date.now()) actions.push('execute');
  const own = proposer === who.walletId && state === 'pending';
  if (own || (who.role === 'operator' && OPEN.has(state))) actions.push('cancel');
  return actions;
}

export function ProposalActions({ proposal, onDone }: { proposal: Proposal; onDone: () => void }) {
  const { session } = useLab();
  const parts = useParts();
  const [asked, setAsked] = useState<Action>();
  const offered = actionsFor(proposal, session).filter((action) => parts.has(action));
  return (
    <>
      {offered.map((action) => (
        <button
          key={action}
          type="button"
          className={action === 'cancel' ? 'button button-quiet-bad' : 'button button-main'}
          data-testid={`proposal-${action}`}
          onClick={() => setAsked(action)}
        >
          {ACTIONS[action].label}
        </button>
      ))}
      {proposal.state === 'queued' && !offered.includes('execute') && proposal.timeline.executableFrom !== null && (
        <span className="muted proposal-wait">Executable from {formatWhole(proposal.timeline.executableFrom)}</span>
      )}
      {asked && (
        <ActionDialog
          action={asked}
          proposalId={proposal.proposalId}
          onDone={onDone}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

interface ActionDialogProps {
  readonly action: Action;
  readonly proposalId: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}

function ActionDialog({ action, proposalId, onDone, onClose }: ActionDialogProps) {
  const { busy, failure, ask } = useAsking();
  const { title, label, text } = ACTIONS[action];
  const act = async () => {
    if (!(await ask(TOOLS[action], { proposalId }))) return;
    onDone();
    onClose();
  };
  return (
    <QuestionDialog
      title={title}
      testId={`${action}-confirm`}
      action={label}
      dangerous={action === 'cancel'}
      busy={busy}
      onSubmit={() => void act()}
      onClose={onClose}
    >
      <p>{text}</p>
      {failure && <FailureNotice failure={failure} />}
    </QuestionDialog>
  );
}
