// Ask: conversations with the lab, each at its own address. The Librarian answers, or a language model where the lab has one.
import { type ReactNode, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import type { Place } from '../knowledge/quotation/answer.js';
import { DocumentPanel } from '../knowledge/quotation/document-panel.js';
import { isId, newId } from '../mcp/ids.js';
import { useLab } from '../mcp/lab.js';
import { usePartsIn } from '../mcp/parts.js';
import { askHref, replaceAddress } from '../route.js';
import { Notice } from '../ui/notice.js';
import type { Asking } from './conversation/conversation.js';
import { type Conversations, conversationsOf, type Open } from './conversation/conversations.js';
import { TOOLS } from './conversation/message.js';
import type { ConversationState } from './conversation/state.js';
import { lastShown, pathOf } from './conversation/tree.js';
import { ConversationActions } from './history/conversation-actions.js';
import { HistoryList } from './history/history-list.js';
import { ModelBar } from './model/model-bar.js';
import { useModels } from './model/use-models.js';
import { ProjectChoice, useProject } from './project-choice.js';
import { QuestionBox } from './question-box.js';
import { type Command, ShortcutsDialog, useShortcuts } from './shortcuts.js';
import { ConversationView } from './turn/conversation-view.js';
import { Welcome } from './welcome.js';
import '../styles/fitting-tools.css';
import '../styles/markdown.css';
import '../styles/views.css';
import '../styles/conversation.css';

interface AskPageProps {
  readonly conversationId: string | undefined;
  /** What a new question begins with. */
  readonly about: string | undefined;
}

export function AskPage({ conversationId, about }: AskPageProps): ReactNode {
  const parts = usePartsIn(TOOLS);
  if (!parts.has('ask') && !parts.has('converse'))
    return (
      <div className="page page-narrow">
        <h1>Ask the lab</h1>
        <Notice title="You cannot ask questions with this sign-in.">
          <p>
            The tool <code>{TOOLS.ask}</code> is not among yours. Ask the operator for it, or see what you can use on
            the <a href="#/tools">Tools</a> page.
          </p>
        </Notice>
      </div>
    );
  if (conversationId !== undefined && !isId(conversationId))
    return (
      <div className="page page-narrow">
        <h1>Ask the lab</h1>
        <Notice title="This is no conversation’s address.">
          <p>
            <a href={askHref()}>Begin a new one</a>
          </p>
        </Notice>
      </div>
    );
  return <Asked conversationId={conversationId} about={about} />;
}

function Asked({ conversationId, about }: AskPageProps) {
  const { connection, tools } = useLab();
  const conversations = useMemo(() => conversationsOf(connection, tools), [connection, tools]);
  const choice = useModels();
  conversations.model = choice.chosen;
  const project = useProject();
  const asking: Asking = { model: choice.chosen, kept: conversations.isKept(), project: project.chosen };
  const draftId = useDraftId(conversationId);
  const open = conversations.of(conversationId ?? draftId);
  const state = useSyncExternalStore(open.conversation.subscribe, () => open.conversation.state);
  useEffect(() => {
    if (conversationId !== undefined) open.conversation.open();
  }, [conversationId, open]);
  const [shown, setShown] = useState<Place>();
  const [help, setHelp] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const search = useRef<HTMLInputElement>(null);
  const writing = writingIn(state);
  const ask = (question: string) => {
    open.conversation.ask(question, asking);
    if (conversationId === undefined) replaceAddress(askHref(draftId));
  };
  const stop = writing === undefined ? undefined : () => open.conversation.stop(writing);
  useShortcuts((command) => run(command, { open, stop, box, search, onHelp: () => setHelp(true) }));
  const isNew = conversationId === undefined;
  return (
    <div className="page conversation-page">
      {asking.kept && <HistoryList conversations={conversations} current={conversationId} search={search} />}
      <section className="ask-main" aria-label="Questions and answers">
        {isNew ? (
          <Welcome ask={ask} byModel={choice.chosen !== undefined} />
        ) : (
          <>
            <ConversationHead
              conversationId={conversationId}
              open={open}
              title={titleOf(state)}
              conversations={asking.kept ? conversations : undefined}
            />
            <ConversationView key={conversationId} open={open} asking={asking} onOpen={setShown} />
          </>
        )}
        <QuestionBox
          box={box}
          byModel={choice.chosen !== undefined}
          begin={about === undefined ? '' : `About ${about}: `}
          onAsk={ask}
          onStop={stop}
        >
          <div className="dock-foot">
            <ModelBar choice={choice} />
            {choice.chosen === undefined && <ProjectChoice choice={project} />}
            <button type="button" className="dock-keys muted" data-testid="keys" onClick={() => setHelp(true)}>
              Keys <kbd>?</kbd>
            </button>
          </div>
        </QuestionBox>
        <Announced state={state} />
      </section>
      {shown && <DocumentPanel citation={shown} onClose={() => setShown(undefined)} />}
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </div>
  );
}

interface HeadProps {
  readonly conversationId: string;
  readonly open: Open;
  readonly title: string;
  /** Undefined where none are kept. */
  readonly conversations: Conversations | undefined;
}

function ConversationHead({ conversationId, open, title, conversations }: HeadProps) {
  return (
    <div className="conversation-head">
      <h1 data-testid="conversation-title">{title}</h1>
      {conversations !== undefined && (
        <ConversationActions
          conversationId={conversationId}
          title={title}
          onRenamed={(renamed) => {
            open.conversation.titled(renamed);
            conversations.changed();
          }}
          onDeleted={() => {
            conversations.forget(conversationId);
            conversations.changed();
          }}
        />
      )}
    </div>
  );
}

/** Begin and end of an answer; its text, read out piece by piece, would help nobody. */
function Announced({ state }: { state: ConversationState }) {
  const last = lastShown(state);
  const said =
    last?.role !== 'assistant'
      ? ''
      : { streaming: 'An answer is being written.', complete: 'The answer is here.', stopped: 'Stopped.', failed: '' }[
          last.state
        ];
  return (
    <p className="sr-only" role="status" data-testid="announced">
      {said}
    </p>
  );
}

/** The answer on the branch that is shown, while it is written. */
/** A new one has its id before its first question, and keeps it until the address names it: what is asked before that is of the same. */
function useDraftId(conversationId: string | undefined): string {
  const [draftId, setDraftId] = useState(newId);
  useEffect(() => {
    if (conversationId === draftId) setDraftId(newId());
  }, [conversationId, draftId]);
  return draftId;
}

function writingIn(state: ConversationState): string | undefined {
  const last = lastShown(state);
  return last?.state === 'streaming' ? last.messageId : undefined;
}

function titleOf({ title, messages }: ConversationState): string {
  if (title !== '') return title;
  const first = messages.values().next().value?.parts[0];
  return first?.type === 'text' ? first.text.slice(0, 80) : 'Conversation';
}

interface Hands {
  readonly open: Open;
  readonly stop: (() => void) | undefined;
  readonly box: { readonly current: HTMLElement | null };
  readonly search: { readonly current: HTMLElement | null };
  readonly onHelp: () => void;
}

function run(command: Command, { open, stop, box, search, onHelp }: Hands): void {
  const does: Readonly<Record<Command, () => void>> = {
    stop: () => stop?.(),
    write: () => box.current?.focus(),
    search: () => search.current?.focus(),
    new: () => {
      location.hash = askHref();
    },
    help: onHelp,
    before: () => chooseBeside(open, -1),
    after: () => chooseBeside(open, 1),
  };
  does[command]();
}

function chooseBeside({ conversation }: Open, by: number): void {
  const { messages, chosen } = conversation.state;
  const step = pathOf(messages, chosen).findLast(({ beside }) => beside.length > 1);
  const to = step?.beside[step.beside.indexOf(step.message.messageId) + by];
  if (to !== undefined) conversation.choose(to);
}
