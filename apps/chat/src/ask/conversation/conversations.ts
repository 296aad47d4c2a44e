// The conversations that this page has open, for as long as its connection lasts: going elsewhere stops no answer.
import type { Connection, ToolInfo } from '../../mcp/connection.js';
import { Conversation } from './conversation.js';
import { ToolRuns } from './tool-runs.js';

export interface Open {
  readonly conversation: Conversation;
  readonly runs: ToolRuns;
}

export class Conversations {
  readonly #open = new Map<string, Open>();
  readonly #changed = new Set<() => void>();
  /** Of the one that is chosen; undefined: the Librarian answers. */
  model: string | undefined;

  constructor(
    private readonly connection: Connection,
    private readonly tools: readonly ToolInfo[],
  ) {}

  of(conversationId: string): Open {
    const known = this.#open.get(conversationId);
    if (known) return known;
    const kept = this.isKept();
    const conversation: Conversation = new Conversation(this.connection, conversationId, (message) => {
      runs.begin(message);
      this.changed();
    });
    const runs = new ToolRuns(this.connection, this.tools, (answerId, parts) =>
      conversation.results(answerId, parts, {
        model: conversation.state.messages.get(answerId)?.model ?? this.model,
        kept,
      }),
    );
    const open = { conversation, runs };
    this.#open.set(conversationId, open);
    return open;
  }

  forget(conversationId: string): void {
    this.#open.delete(conversationId);
  }

  isKept(): boolean {
    return this.tools.some(({ name }) => name === 'librarian_add_messages');
  }

  changed(): void {
    for (const listener of this.#changed) listener();
  }

  /** Calls when one has a new answer, and with that another place in the history. */
  readonly onChanged = (listener: () => void): (() => void) => {
    this.#changed.add(listener);
    return () => this.#changed.delete(listener);
  };
}

const byConnection = new WeakMap<Connection, Conversations>();

export function conversationsOf(connection: Connection, tools: readonly ToolInfo[]): Conversations {
  const known = byConnection.get(connection);
  if (known) return known;
  const made = new Conversations(connection, tools);
  byConnection.set(connection, made);
  return made;
}
