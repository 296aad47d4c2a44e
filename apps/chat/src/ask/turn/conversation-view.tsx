// One conversation: its questions and answers one after the other, of the branch that is shown.
import { type ReactNode, useMemo, useSyncExternalStore } from 'react';
import { FailureNotice, Notice, Waiting } from '../../ui/notice.js';
import type { Place } from '../../knowledge/quotation/answer.js';
import type { Asking } from '../conversation/conversation.js';
import type { Open } from '../conversation/conversations.js';
import { resultsOf, textOf } from '../conversation/message.js';
import { pathOf, type Step } from '../conversation/tree.js';
import { FittingTools } from '../fitting-tools.js';
import { AnswerTurn } from './answer-turn.js';
import { Question } from './question.js';
import { TurnList } from './turn-list.js';

interface ConversationViewProps {
  readonly open: Open;
  readonly asking: Asking;
  readonly onOpen: (place: Place) => void;
}

export function ConversationView({ open, asking, onOpen }: ConversationViewProps) {
  const { conversation, runs } = open;
  const state = useSyncExternalStore(conversation.subscribe, () => conversation.state);
  const path = useMemo(() => pathOf(state.messages, state.chosen), [state.messages, state.chosen]);
  // What tools said stands in the answer that asked for them.
  const turns = useMemo(() => path.filter(({ message }) => message.role !== 'tool'), [path]);
  const keys = useMemo(() => turns.map(({ message }) => message.messageId), [turns]);
  if (state.status === 'failed' && state.failure && path.length === 0)
    return (
      <FailureNotice failure={state.failure}>
        <button type="button" className="button" onClick={() => conversation.open()}>
          Try again
        </button>
      </FailureNotice>
    );
  if (path.length === 0) return <Waiting label="Fetching the conversation…" lines={6} />;
  const last = turns.at(-1);
  const turnOf = ({ message, beside }: Step, place: number): ReactNode => {
    const step = { message, beside };
    const { messageId } = message;
    if (message.role === 'user')
      return (
        <>
          <Question
            step={step}
            onEdit={(text) => conversation.edit(messageId, text, asking)}
            onChoose={(chosen) => conversation.choose(chosen)}
          />
          {place === turns.length - 1 && <Unanswered onAnswer={() => conversation.answer(messageId, asking)} />}
        </>
      );
    return (
      <AnswerTurn
        step={step}
        doing={state.doing.get(messageId)}
        failure={state.failures.get(messageId)}
        results={resultsUnder(path, messageId)}
        runs={runs}
        onAgain={() => conversation.again(messageId, asking)}
        onChoose={(chosen) => conversation.choose(chosen)}
        onOpen={onOpen}
      />
    );
  };
  const asked = turns.at(-2);
  return (
    <>
      {state.unkept && (
        <Notice title="The lab does not keep this conversation.">
          <p>{state.unkept.message}</p>
        </Notice>
      )}
      <TurnList keys={keys} grown={last ? `${textOf(last.message).length} ${last.message.state}` : ''}>
        {(place) => {
          const turn = turns[place];
          return turn ? turnOf(turn, place) : null;
        }}
      </TurnList>
      {asked?.message.role === 'user' && asking.model === undefined && (
        <FittingTools key={asked.message.messageId} sentence={textOf(asked.message)} />
      )}
    </>
  );
}

/** After a reload between a question and its answer. */
const Unanswered = ({ onAnswer }: { onAnswer: () => void }) => (
  <p className="turn-unanswered muted">
    It has no answer.{' '}
    <button type="button" className="button button-small" data-testid="question-answer" onClick={onAnswer}>
      Answer it
    </button>
  </p>
);

function resultsUnder(path: readonly Step[], answerId: string) {
  const at = path.findIndex(({ message }) => message.messageId === answerId);
  const below = path[at + 1]?.message;
  return below?.role === 'tool' ? resultsOf(below) : [];
}
