// The tools that answers ask for, run by this page with the person's own rights. What only reads runs by itself when the answer has just
// come; all else waits for the person, who may change its arguments or refuse. When each call has its outcome, the model goes on.
import { type Failure, toFailure, toolFailure } from '../../failure.js';
import type { Connection, ToolInfo } from '../../mcp/connection.js';
import { readableResult } from '../../tools/result-shape.js';
import { effectOf } from '../../tools/tool-groups.js';
import { type CallPart, callsOf, type Message, type NewMessage, type ResultPart } from './message.js';

export type RunState =
  | { readonly status: 'running' }
  | { readonly status: 'done'; readonly outcome: ResultPart['outcome']; readonly text: string };

/** Of all results of one answer: a message holds 128 Ki characters. */
const CHARACTERS_MAX = 90_000;

export class ToolRuns {
  #runs: ReadonlyMap<string, RunState> = new Map();
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();

  constructor(
    private readonly connection: Connection,
    private readonly tools: readonly ToolInfo[],
    private readonly onAll: (answerId: string, parts: NewMessage['parts']) => void,
  ) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly snapshot = (): ReadonlyMap<string, RunState> => this.#runs;

  toolOf(name: string): ToolInfo | undefined {
    return this.tools.find((tool) => tool.name === name);
  }

  /** Of an answer that has just come: those that change nothing need nobody's word. */
  begin(message: Message): void {
    for (const call of callsOf(message)) {
      const tool = this.toolOf(call.tool);
      if (tool === undefined)
        this.#settle(message, call, { outcome: 'failed', text: `There is no tool ${call.tool} for this person.` });
      else if (effectOf(tool) === 'read') void this.run(message, call, call.arguments);
    }
  }

  async run(message: Message, call: CallPart, input: Readonly<Record<string, unknown>>): Promise<void> {
    if (this.#runs.has(keyOf(message, call))) return;
    this.#become(keyOf(message, call), { status: 'running' });
    try {
      const result = await this.connection.callTool(call.tool, input, { signal: this.#over.signal });
      if (result.isError) this.#settle(message, call, { outcome: 'failed', text: failureText(toolFailure(result)) });
      else this.#settle(message, call, { outcome: 'ok', text: jsonOf(readableResult(result)) });
    } catch (thrown) {
      this.#settle(message, call, { outcome: 'failed', text: failureText(toFailure(thrown)) });
    }
  }

  decline(message: Message, call: CallPart): void {
    if (!this.#runs.has(keyOf(message, call)))
      this.#settle(message, call, { outcome: 'declined', text: 'The person did not want this run.' });
  }

  #settle(message: Message, call: CallPart, { outcome, text }: { outcome: ResultPart['outcome']; text: string }): void {
    this.#become(keyOf(message, call), { status: 'done', outcome, text });
    const calls = callsOf(message);
    const most = Math.floor(CHARACTERS_MAX / calls.length);
    const parts = calls.flatMap((each) => {
      const run = this.#runs.get(keyOf(message, each));
      if (run?.status !== 'done') return [];
      const { callId, tool } = each;
      return [{ type: 'tool_result' as const, callId, tool, outcome: run.outcome, text: shortened(run.text, most) }];
    });
    if (parts.length === calls.length) this.onAll(message.messageId, parts);
  }

  #become(key: string, state: RunState): void {
    this.#runs = new Map(this.#runs).set(key, state);
    for (const listener of this.#listeners) listener();
  }
}

export const keyOf = ({ messageId }: Pick<Message, 'messageId'>, { callId }: Pick<CallPart, 'callId'>): string =>
  `${messageId} ${callId}`;

const jsonOf = (value: unknown): string => (typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));

const failureText = ({ code, message, hint }: Failure): string =>
  `${code}: ${message}${hint === undefined ? '' : ` ${hint}`}`;

/** JSON counts a quote twice; half of the room is for that. */
function shortened(text: string, most: number): string {
  if (JSON.stringify(text).length <= most) return text;
  const kept = text.slice(0, Math.floor(most / 2));
  return `${kept}\n… cut here: ${text.length - kept.length} more characters`;
}
