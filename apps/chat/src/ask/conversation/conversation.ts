// One conversation of this page: what is written in it, its answers as they come, and what is run for them. It lives outside of the
// views, so that an answer arrives wherever one looks.
import { type Failure, toFailure, toolFailure } from '../../failure.js';
import { type Connection, callFor } from '../../mcp/connection.js';
import { newId } from '../../mcp/ids.js';
import type { Answer } from '../../knowledge/quotation/answer.js';
import { Mailbox } from './mailbox.js';
import {
  type Answered,
  type ConversationPage,
  localMessage,
  type Message,
  type NewMessage,
  type Piece,
  type Stopped,
  TOOLS,
  textOf,
} from './message.js';
import { type Action, type ConversationState, EMPTY, reduced } from './state.js';
import { lastShown, pathOf } from './tree.js';
import { keptUnsent } from './unsent.js';

/** Earlier questions that go along: the Librarian takes from them what "it" means. */
const CONTEXT_QUESTIONS = 5;
/** Held open while an answer is written elsewhere. */
const FOLLOW_S = 15;

export interface Asking {
  /** Undefined: the Librarian looks it up. */
  readonly model: string | undefined;
  /** Whether conversations are kept for this caller. */
  readonly kept: boolean;
  /** Id of the project that alone is looked up; undefined: all that the caller may read. A model finds what its tools find. */
  readonly project?: string | undefined;
}

export class Conversation {
  #state: ConversationState = EMPTY;
  readonly #listeners = new Set<() => void>();
  readonly #running = new Map<string, AbortController>();
  readonly #mailbox: Mailbox;
  #opening: Promise<void> | undefined;

  constructor(
    private readonly connection: Connection,
    readonly conversationId: string,
    /** Calls when an answer that was written here has come to its end. */
    private readonly onEnded: (message: Message) => void = () => {},
  ) {
    this.#mailbox = new Mailbox(connection, conversationId, keptUnsent(conversationId), {
      onUnkept: (failure) => this.#do({ type: 'unkept', failure }),
      onOrphans: (messages) => messages.some(({ messageId }) => this.#isMovedUp(messageId)),
    });
  }

  get state(): ConversationState {
    return this.#state;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #do(action: Action): void {
    this.#state = reduced(this.#state, action);
    for (const listener of this.#listeners) listener();
  }

  /** Reads what the lab has; what it lacks of this tab is sent first. Again only after it failed. */
  open(): void {
    if (this.#state.status !== 'new' && this.#state.status !== 'failed') return;
    this.#do({ type: 'loading' });
    this.#opening ??= this.#mailbox
      .send()
      .then(() => this.#read())
      .finally(() => {
        this.#opening = undefined;
      });
  }

  async #read(waitSeconds = 0): Promise<void> {
    for (;;) {
      const input = { conversationId: this.conversationId, since: this.#state.version, waitSeconds };
      const outcome = await callFor<ConversationPage>(this.connection, { name: TOOLS.get, input });
      if (!outcome.ok) return this.#do({ type: 'unreadable', failure: outcome.failure });
      this.#do({ type: 'page', page: outcome.value });
      // An answer that another tab, or this one before it was reloaded, has asked for.
      const elsewhere = [...this.#state.messages.values()].some(
        ({ state, messageId }) => state === 'streaming' && !this.#running.has(messageId),
      );
      if (!outcome.value.more && !elsewhere) return;
      waitSeconds = outcome.value.more ? 0 : FOLLOW_S;
    }
  }

  /** @param under the message that it follows; undefined: what is shown last */
  ask(text: string, asking: Asking, under: string | null | undefined = undefined): void {
    const last = lastShown(this.#state);
    const parentId = under === undefined ? (last?.messageId ?? null) : under;
    this.#say({ messageId: newId(), parentId, role: 'user', parts: [{ type: 'text', text }] }, asking);
  }

  /** Another question in the place of one: a branch. */
  edit(messageId: string, text: string, asking: Asking): void {
    const before = this.#state.messages.get(messageId);
    if (before) this.ask(text, asking, before.parentId);
  }

  /** An answer to what has none yet. */
  answer(questionId: string, asking: Asking): void {
    if (this.#state.messages.has(questionId)) this.#answer(questionId, asking);
  }

  /** Another answer to the same. */
  again(answerId: string, asking: Asking): void {
    const parentId = this.#state.messages.get(answerId)?.parentId;
    if (parentId) this.#answer(parentId, asking);
  }

  /** What tools said, for all that an answer asked for. */
  results(answerId: string, parts: NewMessage['parts'], asking: Asking): void {
    this.#say({ messageId: newId(), parentId: answerId, role: 'tool', parts }, asking);
  }

  choose(messageId: string): void {
    this.#do({ type: 'chosen', messageId });
  }

  titled(title: string): void {
    this.#do({ type: 'titled', title });
  }

  stop(answerId: string): void {
    const running = this.#running.get(answerId);
    if (running === undefined) return void this.#stopElsewhere(answerId);
    running.abort();
    this.#running.delete(answerId);
    this.#do({ type: 'stopped', answerId });
  }

  /** Another tab waits for it, or this one did before it was reloaded: it ends where it is written. */
  async #stopElsewhere(answerId: string): Promise<void> {
    const input = { conversationId: this.conversationId, answerId };
    const outcome = await callFor<Stopped>(this.connection, { name: TOOLS.stop, input });
    if (outcome.ok) this.#do({ type: 'ended', message: outcome.value.message });
    else this.#do({ type: 'unstopped', answerId, failure: outcome.failure });
  }

  #say(message: NewMessage, asking: Asking): void {
    if (asking.kept) this.#mailbox.put(message);
    this.#do({ type: 'written', message: localMessage({ ...message, parts: message.parts as Message['parts'] }) });
    this.#answer(message.messageId, asking);
  }

  #answer(questionId: string, asking: Asking): void {
    const answerId = newId();
    const controller = new AbortController();
    this.#running.set(answerId, controller);
    this.#do({ type: 'begun', answerId, parentId: questionId });
    const { signal } = controller;
    const writing =
      asking.model === undefined
        ? this.#lookUp({ answerId, questionId, signal, asking })
        : this.#converse({ answerId, questionId, signal, asking });
    void writing.finally(() => this.#running.delete(answerId));
  }

  async #converse({ answerId, questionId, signal, asking }: Writing): Promise<void> {
    const messages = this.#mailbox.unsent;
    const onProgress = ({ message }: { message?: string }) => {
      const piece = pieceOf(message);
      if (piece?.messageId !== answerId) return;
      this.#mailbox.arrived(idsOf(messages));
      if (!signal.aborted) this.#do({ type: 'piece', piece });
    };
    const input = {
      conversationId: this.conversationId,
      messages,
      answerTo: questionId,
      answerId,
      model: asking.model,
    };
    try {
      const result = await this.connection.callTool(TOOLS.converse, input, { signal, onProgress });
      if (signal.aborted) return;
      if (result.isError) return this.#refused(toolFailure(result), { answerId, questionId, signal, asking });
      const { message, title } = result.structuredContent as Answered;
      this.#mailbox.arrived(idsOf(messages));
      this.#do({ type: 'ended', message, title });
      this.onEnded(message);
    } catch (thrown) {
      if (!signal.aborted) this.#do({ type: 'broken', answerId, failure: toFailure(thrown) });
    }
  }

  #refused(failure: Failure, writing: Writing): void {
    if (failure.code === 'not_found' && this.#isMovedUp(writing.questionId)) void this.#converse(writing);
    else this.#do({ type: 'broken', answerId: writing.answerId, failure });
  }

  /** A question under an answer that the lab never saw, since it was stopped or failed first, stands under that answer's own question. */
  #isMovedUp(messageId: string): boolean {
    const message = this.#state.messages.get(messageId);
    const above = message?.parentId ? this.#state.messages.get(message.parentId) : undefined;
    if (above?.role !== 'assistant' || above.version > 0 || above.parentId === null) return false;
    const unsent = this.#mailbox.unsent.find((each) => each.messageId === messageId);
    if (unsent) this.#mailbox.put({ ...unsent, parentId: above.parentId });
    this.#do({ type: 'moved', messageId, parentId: above.parentId, gone: above.messageId });
    return true;
  }

  async #lookUp({ answerId, questionId, signal, asking }: Writing): Promise<void> {
    if (asking.kept) void this.#mailbox.send();
    const context = this.#questionsBefore(questionId);
    const question = this.#state.messages.get(questionId);
    const { project } = asking;
    const input = {
      question: question ? textOf(question) : '',
      context,
      ...(project === undefined ? {} : { project }),
    };
    const outcome = await callFor<Answer>(this.connection, { name: TOOLS.ask, input, signal });
    if (signal.aborted) return;
    if (!outcome.ok) return this.#do({ type: 'broken', answerId, failure: outcome.failure });
    const { answer, answered, confidence, citations, nearest, readAs } = outcome.value;
    const parts = [
      { type: 'text', text: answer },
      { type: 'citations', answered, confidence, citations, nearest, ...(readAs === undefined ? {} : { readAs }) },
    ] as unknown as NewMessage['parts'];
    const kept: NewMessage = { messageId: answerId, parentId: questionId, role: 'assistant', parts };
    const message = localMessage({ ...kept, parts: parts as Message['parts'] });
    this.#do({ type: 'ended', message });
    if (asking.kept) {
      this.#mailbox.put(kept);
      void this.#mailbox.send();
    }
    this.onEnded(message);
  }

  #questionsBefore(questionId: string): readonly string[] {
    const path = pathOf(this.#state.messages, this.#state.chosen).map(({ message }) => message);
    const end = path.findIndex(({ messageId }) => messageId === questionId);
    return path
      .slice(0, Math.max(0, end))
      .filter(({ role }) => role === 'user')
      .map(textOf)
      .slice(-CONTEXT_QUESTIONS);
  }
}

interface Writing {
  readonly answerId: string;
  readonly questionId: string;
  readonly signal: AbortSignal;
  readonly asking: Asking;
}

const idsOf = (messages: readonly NewMessage[]): ReadonlySet<string> =>
  new Set(messages.map(({ messageId }) => messageId));

function pieceOf(text: string | undefined): Piece | undefined {
  try {
    return JSON.parse(text ?? 'null') as Piece;
  } catch {
    return undefined;
  }
}
