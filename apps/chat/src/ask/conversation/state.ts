// What is known of one conversation, and how it changes: a reducer without effects. What the lab tells takes the place of what was
// assumed; text that comes twice is there once.
import type { Failure } from '../../failure.js';
import { type ConversationPage, type Doing, localMessage, type Message, type Piece, textOf } from './message.js';
import { type Chosen, chosenWith, type Messages } from './tree.js';

export interface ConversationState {
  readonly status: 'new' | 'loading' | 'ready' | 'failed';
  readonly title: string;
  readonly messages: Messages;
  /** How far the lab has told. */
  readonly version: number;
  readonly chosen: Chosen;
  /** Answers that are being written, by their ids. */
  readonly doing: ReadonlyMap<string, Doing>;
  /** Why answers failed that the lab may not know of, or could not be stopped. */
  readonly failures: ReadonlyMap<string, Failure>;
  /** Why it could not be read. */
  readonly failure?: Failure;
  /** Why the lab does not keep what was written. */
  readonly unkept?: Failure | undefined;
}

export const EMPTY: ConversationState = {
  status: 'new',
  title: '',
  messages: new Map(),
  version: 0,
  chosen: new Map(),
  doing: new Map(),
  failures: new Map(),
};

export type Action =
  | { readonly type: 'loading' }
  | { readonly type: 'page'; readonly page: ConversationPage }
  | { readonly type: 'unreadable'; readonly failure: Failure }
  | { readonly type: 'written'; readonly message: Message }
  | { readonly type: 'begun'; readonly answerId: string; readonly parentId: string }
  | { readonly type: 'piece'; readonly piece: Piece }
  | { readonly type: 'ended'; readonly message: Message; readonly title?: string }
  | { readonly type: 'broken'; readonly answerId: string; readonly failure: Failure }
  | { readonly type: 'stopped'; readonly answerId: string }
  | { readonly type: 'unstopped'; readonly answerId: string; readonly failure: Failure }
  | { readonly type: 'moved'; readonly messageId: string; readonly parentId: string; readonly gone: string }
  | { readonly type: 'chosen'; readonly messageId: string }
  | { readonly type: 'titled'; readonly title: string }
  | { readonly type: 'unkept'; readonly failure: Failure | undefined };

export function reduced(state: ConversationState, action: Action): ConversationState {
  switch (action.type) {
    case 'loading':
      return { ...state, status: 'loading' };
    case 'page':
      return paged(state, action.page);
    case 'unreadable':
      return { ...state, status: 'failed', failure: action.failure };
    case 'written':
      return shown(withMessage(state, action.message), action.message.messageId);
    case 'begun': {
      const { answerId, parentId } = action;
      const message = localMessage({ messageId: answerId, parentId, role: 'assistant', state: 'streaming' });
      return { ...shown(withMessage(state, message), answerId), doing: withDoing(state, answerId, 'waiting') };
    }
    case 'piece':
      return pieced(state, action.piece);
    case 'ended':
      return {
        ...withMessage(state, action.message),
        title: action.title ?? state.title,
        doing: withDoing(state, action.message.messageId, undefined),
      };
    case 'broken':
      return {
        ...withState(state, action.answerId, 'failed'),
        failures: new Map(state.failures).set(action.answerId, action.failure),
      };
    case 'stopped':
      return withState(state, action.answerId, 'stopped');
    case 'unstopped':
      return { ...state, failures: new Map(state.failures).set(action.answerId, action.failure) };
    case 'moved':
      return moved(state, action);
    case 'chosen':
      return shown(state, action.messageId);
    case 'titled':
      return { ...state, title: action.title };
    case 'unkept':
      return { ...state, unkept: action.failure };
    default:
      return action satisfies never;
  }
}

function moved(state: ConversationState, of: Extract<Action, { type: 'moved' }>): ConversationState {
  const message = state.messages.get(of.messageId);
  if (message === undefined) return state;
  const messages = new Map(state.messages);
  messages.delete(of.gone);
  return shown(withMessage({ ...state, messages }, { ...message, parentId: of.parentId }), of.messageId);
}

const withMessage = (state: ConversationState, message: Message): ConversationState => ({
  ...state,
  status: state.status === 'new' ? 'ready' : state.status,
  messages: new Map(state.messages).set(message.messageId, message),
});

const shown = (state: ConversationState, messageId: string): ConversationState => ({
  ...state,
  chosen: chosenWith(state.chosen, state.messages, messageId),
});

function withDoing(state: ConversationState, answerId: string, doing: Doing | undefined): ReadonlyMap<string, Doing> {
  const next = new Map(state.doing);
  if (doing === undefined) next.delete(answerId);
  else next.set(answerId, doing);
  return next;
}

function withState(state: ConversationState, answerId: string, to: 'failed' | 'stopped'): ConversationState {
  const message = state.messages.get(answerId);
  const next = { ...state, doing: withDoing(state, answerId, undefined) };
  return message?.state === 'streaming' ? withMessage(next, { ...message, state: to }) : next;
}

/** @param page what the lab tells; an answer that comes on this page itself is further than what is stored of it */
function paged(state: ConversationState, page: ConversationPage): ConversationState {
  const messages = new Map(state.messages);
  for (const message of page.messages)
    if (!(state.doing.has(message.messageId) && message.state === 'streaming'))
      messages.set(message.messageId, message);
  return {
    ...state,
    status: page.more ? 'loading' : 'ready',
    title: page.title,
    messages,
    version: page.version,
  };
}

function pieced(state: ConversationState, { messageId, doing, at, text }: Piece): ConversationState {
  const message = state.messages.get(messageId);
  // What was stopped here stays so, whatever was under way.
  if (message === undefined || message.state !== 'streaming') return state;
  const known = textOf(message);
  const next = { ...state, doing: withDoing(state, messageId, doing) };
  // A piece that leaves a gap waits for the whole answer.
  if (text === '' || at > known.length || at + text.length <= known.length) return next;
  return withMessage(next, { ...message, parts: [{ type: 'text', text: known.slice(0, at) + text }] });
}
