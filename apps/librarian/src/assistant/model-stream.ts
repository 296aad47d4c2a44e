// What a model answers, piece by piece. Before its first word a provider that is busy or away is asked again, a few times; after it
// never, as half an answer twice is none.
import { setTimeout as sleep } from 'node:timers/promises';
import type { LanguageModelV3CallOptions, LanguageModelV3StreamPart } from '@ai-sdk/provider';
import { AppError } from '@labmesh/contracts';
import type { OpenModel } from './models.js';
import { providerOf } from './provider.js';
import { failureOf } from './provider-failure.js';

export type ModelPiece =
  | { readonly kind: 'waiting' | 'thinking' | 'calling' }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly callId: string; readonly tool: string; readonly input: string }
  | {
      readonly kind: 'end';
      /** At its limit of tokens. */
      readonly cutShort: boolean;
      readonly inputTokens: number | null;
      readonly outputTokens: number | null;
    };

export type Asked = Pick<LanguageModelV3CallOptions, 'prompt' | 'tools'>;

const TRIES = 3;
/** Longer than this nobody waits: the error says when to come back. */
const WAIT_MAX_MS = 20_000;
const FIRST_WAIT_MS = 1_000;

/** @throws AppError; what the signal was aborted with */
export async function* streamOf(
  model: OpenModel,
  asked: Asked,
  signal: AbortSignal,
): AsyncGenerator<ModelPiece, void, void> {
  for (let attempt = 1; ; attempt += 1) {
    let begun = false;
    try {
      for await (const piece of answerOf(model, asked, signal)) {
        begun = true;
        yield piece;
      }
      return;
    } catch (thrown) {
      signal.throwIfAborted();
      const { error, again, retryAfterMs } = failureOf(thrown, model);
      const waitMs = retryAfterMs ?? FIRST_WAIT_MS * 2 ** (attempt - 1);
      if (begun || !again || attempt === TRIES || waitMs > WAIT_MAX_MS) throw error;
      yield { kind: 'waiting' };
      await sleep(waitMs, undefined, { signal });
    }
  }
}

async function* answerOf(model: OpenModel, asked: Asked, signal: AbortSignal): AsyncGenerator<ModelPiece, void, void> {
  const provider = await providerOf(model);
  const { stream } = await provider.doStream({
    ...asked,
    maxOutputTokens: model.answerTokens,
    abortSignal: signal,
  });
  let ended = false;
  for await (const part of stream) {
    ended ||= part.type === 'finish';
    const piece = pieceOf(part, model);
    if (piece !== undefined) yield piece;
  }
  if (!ended) throw cutOff(model);
}

/** @throws AppError for an end that is none, and what the provider reports in its stream */
function pieceOf(part: LanguageModelV3StreamPart, model: OpenModel): ModelPiece | undefined {
  switch (part.type) {
    case 'text-delta':
      return part.delta === '' ? undefined : { kind: 'text', text: part.delta.replaceAll('\0', '') };
    case 'reasoning-start':
      return { kind: 'thinking' };
    case 'tool-input-start':
      return { kind: 'calling' };
    case 'tool-call':
      return { kind: 'call', callId: part.toolCallId, tool: part.toolName, input: part.input };
    case 'finish':
      return endOf(part, model);
    case 'error':
      throw part.error;
    default:
      return undefined;
  }
}

function endOf(
  { finishReason, usage }: Extract<LanguageModelV3StreamPart, { type: 'finish' }>,
  model: OpenModel,
): ModelPiece {
  const { unified, raw } = finishReason;
  if (unified === 'content-filter')
    throw new AppError(
      'upstream_failed',
      `Cannot let ${model.name} answer: its provider withholds the answer. Ask in other words.`,
    );
  if (raw === undefined) throw cutOff(model);
  return {
    kind: 'end',
    cutShort: unified === 'length',
    inputTokens: usage.inputTokens.total ?? null,
    outputTokens: usage.outputTokens.total ?? null,
  };
}

const cutOff = ({ name }: OpenModel): AppError =>
  new AppError(
    'upstream_failed',
    `Cannot let ${name} answer to its end: its provider stopped in the middle. Ask again.`,
  );
