// An answer: its text as it comes, the tools it asks for, its sources, and what can be done about it.
import { useSyncExternalStore } from 'react';
import type { Failure } from '../../failure.js';
import { CopyButton } from '../../ui/copy-button.js';
import { Icon } from '../../ui/icon.js';
import { FailureNotice, Waiting } from '../../ui/notice.js';
import type { Place } from '../../knowledge/quotation/answer.js';
import {
  type CitationsPart,
  callsOf,
  type Doing,
  type Message,
  type ResultPart,
  textOf,
} from '../conversation/message.js';
import { keyOf, type ToolRuns } from '../conversation/tool-runs.js';
import type { Step } from '../conversation/tree.js';
import { AnswerBody } from '../../knowledge/quotation/answer-body.js';
import { BranchArrows } from './branch-arrows.js';
import { ToolCallCard } from './tool-call-card.js';

interface AnswerTurnProps {
  readonly step: Step;
  readonly doing: Doing | undefined;
  readonly failure: Failure | undefined;
  /** Of the tools that it asked for. */
  readonly results: readonly ResultPart[];
  readonly runs: ToolRuns;
  readonly onAgain: () => void;
  readonly onChoose: (messageId: string) => void;
  readonly onOpen: (place: Place) => void;
}

const DOING: Readonly<Record<Doing, string>> = {
  waiting: 'Looking it up…',
  thinking: 'Thinking…',
  writing: 'Writing…',
  calling: 'Choosing a tool…',
};

export function AnswerTurn({ step, doing, failure, results, runs, onAgain, onChoose, onOpen }: AnswerTurnProps) {
  const { message, beside } = step;
  const states = useSyncExternalStore(runs.subscribe, runs.snapshot);
  const text = textOf(message);
  const sources = message.parts.find((part): part is CitationsPart => part.type === 'citations');
  const streaming = message.state === 'streaming';
  return (
    <div className="turn turn-answer" aria-busy={streaming} data-testid="answer-turn" data-state={message.state}>
      {text === '' && streaming && <Waiting label={DOING[doing ?? 'waiting']} lines={3} />}
      {text !== '' && <AnswerBody text={text} sources={sources} onOpen={onOpen} />}
      {callsOf(message).map((call) => (
        <ToolCallCard
          key={call.callId}
          call={call}
          tool={runs.toolOf(call.tool)}
          result={results.find(({ callId }) => callId === call.callId)}
          run={states.get(keyOf(message, call))}
          onRun={(input) => void runs.run(message, call, input)}
          onDecline={() => runs.decline(message, call)}
        />
      ))}
      <Notes message={message} failure={failure} onAgain={onAgain} />
      {!streaming && (
        <div className="turn-tools">
          {text !== '' && <CopyButton text={() => text} label="Copy" />}
          <button
            type="button"
            className="turn-button"
            data-testid="answer-again"
            aria-label="Answer it again"
            title="Answer it again"
            onClick={onAgain}
          >
            <Icon name="refresh" />
          </button>
          <BranchArrows messageId={message.messageId} beside={beside} of="answer" onChoose={onChoose} />
          {message.model !== null && <span className="muted turn-model">{message.model}</span>}
        </div>
      )}
    </div>
  );
}

interface NotesProps {
  readonly message: Message;
  readonly failure: Failure | undefined;
  readonly onAgain: () => void;
}

/** What one should know of an answer that is not all that it could be. */
function Notes({ message, failure, onAgain }: NotesProps) {
  const { state, leftOut, cutShort } = message;
  const why = failure ?? message.failure ?? undefined;
  return (
    <>
      {state === 'stopped' && (
        <p className="muted" data-testid="answer-stopped">
          Stopped.
        </p>
      )}
      {state === 'streaming' && failure && <FailureNotice failure={failure} />}
      {state === 'failed' && (
        <FailureNotice failure={why ?? { code: 'failed', message: 'The answer broke off.' }}>
          <button type="button" className="button" onClick={onAgain}>
            Ask again
          </button>
        </FailureNotice>
      )}
      {cutShort && <p className="muted">It reached its limit of length: ask it to go on.</p>}
      {leftOut > 0 && <p className="muted">The model did not see the oldest {leftOut} messages: they did not fit.</p>}
    </>
  );
}
