// What of an answer has come so far.
import { AppError, CONVERSATION_LIMITS, type MessagePart, type ToolCallPart } from '@labmesh/contracts';
import type { ModelPiece } from './model-stream.js';

/** Room for what is around the text and for calls. */
const TEXT_MAX = CONVERSATION_LIMITS.messageCharacters / 2;
const CALLS_MAX = 32;

export class AnswerDraft {
  #text = '';
  readonly #calls: ToolCallPart[] = [];
  /** Counts what was taken. */
  changes = 0;

  constructor(private readonly model: string) {}

  get length(): number {
    return this.#text.length;
  }

  get isEmpty(): boolean {
    return this.#text.trim() === '' && this.#calls.length === 0;
  }

  parts(): MessagePart[] {
    return [...(this.#text === '' ? [] : [{ type: 'text' as const, text: this.#text }]), ...this.#calls];
  }

  /** @throws AppError upstream_failed for an answer without end */
  write(text: string): void {
    if (this.#text.length + text.length > TEXT_MAX)
      throw this.#strange(`the answer is longer than ${TEXT_MAX} characters`);
    this.#text += text;
    this.changes += 1;
  }

  /** @throws AppError upstream_failed for a call that is none */
  call({ callId, tool, input }: Extract<ModelPiece, { kind: 'call' }>): void {
    const given = objectOf(input);
    if (given === undefined)
      throw this.#strange(`it asks for ${tool.slice(0, 64)} with arguments that are no JSON object`);
    if (this.#calls.length === CALLS_MAX || input.length > TEXT_MAX / 4)
      throw this.#strange('it asks for more tools than an answer may');
    const taken = this.#calls.some((call) => call.callId === callId);
    const id = taken ? `${callId.slice(0, 180)}-${this.#calls.length}` : callId.slice(0, 200);
    this.#calls.push({ type: 'tool_call', callId: id, tool: tool.slice(0, 200), arguments: given });
    this.changes += 1;
  }

  #strange(why: string): AppError {
    return new AppError('upstream_failed', `Cannot let ${this.model} answer: ${why}. Ask again.`);
  }
}

/** A tool without arguments is called with none. */
function objectOf(input: string): Record<string, unknown> | undefined {
  if (input.trim() === '') return {};
  try {
    const given: unknown = JSON.parse(input.replaceAll('\\u0000', ''));
    return typeof given === 'object' && given !== null && !Array.isArray(given)
      ? (given as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined; // the caller says whose call it was
  }
}
