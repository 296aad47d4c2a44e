// An answer of a model: asked for, told as it comes, and kept whatever happens. The server runs no tool for the model, ever: what it
// wants is in the answer, and the client comes back with what it has run itself.
import { randomUUID } from 'node:crypto';
import {
  type AnswerPiece,
  AppError,
  type Call,
  errorShape,
  type librarian,
  type Message,
  type ToolInput,
  type ToolOutput,
} from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { AnswersRepository, type Ending, type Writing } from '../conversations/answers.repository.js';
import { ConversationsRepository } from '../conversations/conversations.repository.js';
import { assertWellFormed, type Place } from '../conversations/message.js';
import { MessagesRepository, noConversation } from '../conversations/messages.repository.js';
import { AnswerDraft } from './answer-draft.js';
import { AnswerKeeper, LEASE_MS, type WhyOver } from './answer-keeper.js';
import { Following } from './following.js';
import { type ModelPiece, streamOf } from './model-stream.js';
import { Models, type OpenModel } from './models.js';
import { OfferedTools } from './offered-tools.js';
import { promptOf } from './prompt.js';

type Tool = (typeof librarian.tools)['converse'];
type Asked = ToolInput<Tool>;
type Answered = ToolOutput<Tool>;

const NOTHING_USED = { inputTokens: null, outputTokens: null, leftOut: 0, cutShort: false } as const;

/** What is known of an answer while it is written. */
interface Written {
  readonly draft: AnswerDraft;
  offered: string[];
  ending: Ending;
}

@Injectable()
export class Conversing {
  constructor(
    @Inject(Models) private readonly models: Pick<Models, 'open'>,
    @Inject(ConversationsRepository) private readonly heads: Pick<ConversationsRepository, 'head'>,
    @Inject(MessagesRepository) private readonly messages: MessagesRepository,
    @Inject(AnswersRepository) private readonly answers: AnswersRepository,
    @Inject(OfferedTools) private readonly tools: OfferedTools,
    @Inject(Following) private readonly following: Following,
  ) {}

  /** @throws AppError what keeps the question from being kept, and what keeps the model from answering */
  async *converse(asked: Asked, call: Call): AsyncGenerator<AnswerPiece, Answered, void> {
    for (const message of asked.messages) assertWellFormed(message);
    const { conversationId, answerId } = asked;
    const place = { walletId: call.principal.walletId, conversationId };
    if ((await this.messages.find(place, answerId)) !== undefined) return yield* this.#again(place, answerId, call);
    const parentId = asked.answerTo ?? asked.messages.at(-1)?.messageId;
    if (parentId === undefined)
      throw new AppError(
        'invalid_input',
        'Cannot answer nothing: give a message, or name one of the conversation as answerTo.',
      );
    const model = await this.models.open(asked.model);
    const writing = { place, answerId, writer: randomUUID(), leaseMs: LEASE_MS };
    const answer = { answerId, parentId, model: model.name, writer: writing.writer, leaseMs: LEASE_MS };
    const { begun } = await this.messages.add({ place, messages: asked.messages, answer });
    if (!begun) return yield* this.#again(place, answerId, call);
    const written: Written = {
      draft: new AnswerDraft(model.name),
      offered: [],
      ending: { state: 'stopped', ...NOTHING_USED },
    };
    yield* this.#write({ asked, writing, model, call }, written);
    return this.#told(place, await this.following.look(place, answerId), written.offered);
  }

  /** Stops it wherever it is written, and waits until it has stopped. @throws AppError not_found */
  async stop(
    { conversationId, answerId }: { conversationId: string; answerId: string },
    call: Call,
  ): Promise<{ message: Answered['message'] }> {
    const place = { walletId: call.principal.walletId, conversationId };
    await this.answers.askToStop(place, answerId);
    const ending = this.following.follow(place, answerId, call);
    for (;;) {
      const { done, value } = await ending.next();
      if (done === true) return { message: value };
    }
  }

  async *#again(place: Place, answerId: string, call: Call): AsyncGenerator<AnswerPiece, Answered, void> {
    return this.#told(place, yield* this.following.follow(place, answerId, call), []);
  }

  /** @throws AppError what the answer failed with */
  async #told(place: Place, message: Message, offered: string[]): Promise<Answered> {
    const { conversationId } = place;
    const head = await this.heads.head(place);
    if (head === undefined) throw noConversation(conversationId);
    if (message.failure === null) return { conversationId, title: head.title, message, offered };
    const { code, message: text } = message.failure;
    throw new AppError(errorShape({ code, message: text }).code, text, {
      details: { conversationId, answerId: message.messageId },
    });
  }

  async *#write(
    of: { asked: Asked; writing: Writing; model: OpenModel; call: Call },
    written: Written,
  ): AsyncGenerator<AnswerPiece, void, void> {
    const { writing, model, call } = of;
    const keeper = new AnswerKeeper(this.answers, writing, written.draft);
    const late = AbortSignal.timeout(model.timeoutSeconds * 1_000);
    const over = AbortSignal.any([call.signal, keeper.signal, late]);
    try {
      yield { messageId: writing.answerId, doing: 'waiting', at: 0, text: '' };
      yield* this.#stream(of, over, written);
    } catch (thrown) {
      written.ending = { ...written.ending, ...endingOf(thrown, { over, late, model, draft: written.draft }) };
    } finally {
      await keeper.stop();
      if ((keeper.signal.reason as WhyOver | undefined) !== 'lost')
        await this.answers.end(writing, written.draft.parts(), written.ending);
    }
  }

  async *#stream(
    { asked, writing, model, call }: { asked: Asked; writing: Writing; model: OpenModel; call: Call },
    over: AbortSignal,
    written: Written,
  ): AsyncGenerator<AnswerPiece, void, void> {
    const { place, answerId: messageId } = writing;
    const path = (await this.messages.pathTo(place, messageId)).filter(({ id }) => id !== messageId);
    const tools = this.tools.for({ names: asked.tools, path, principal: call.principal }, model);
    written.offered = tools.map(({ name }) => name);
    const { prompt, leftOut } = promptOf({ place, path, tools, now: new Date() }, model);
    written.ending = { ...written.ending, leftOut };
    const { draft } = written;
    for await (const piece of streamOf(model, tools.length === 0 ? { prompt } : { prompt, tools }, over)) {
      const at = draft.length;
      if (piece.kind === 'end') {
        const { kind: _kind, ...usage } = piece;
        written.ending = { ...written.ending, ...usage, state: 'complete' };
      } else yield { messageId, doing: doingOf(piece), at, text: taken(piece, draft) };
    }
    if (draft.isEmpty)
      throw new AppError('upstream_failed', `Cannot let ${model.name} answer: it said nothing. Ask again.`);
  }
}

/** Text that is told; a call is told with the answer. */
function taken(piece: Exclude<ModelPiece, { kind: 'end' }>, draft: AnswerDraft): string {
  if (piece.kind === 'call') draft.call(piece);
  if (piece.kind !== 'text') return '';
  draft.write(piece.text);
  return piece.text;
}

const DOING = {
  waiting: 'waiting',
  thinking: 'thinking',
  text: 'writing',
  calling: 'calling',
  call: 'calling',
} as const;
const doingOf = ({ kind }: Exclude<ModelPiece, { kind: 'end' }>) => DOING[kind];

function endingOf(
  thrown: unknown,
  { over, late, model, draft }: { over: AbortSignal; late: AbortSignal; model: OpenModel; draft: AnswerDraft },
): Pick<Ending, 'state' | 'failure'> {
  const kept = draft.isEmpty ? '' : ' What had come is kept.';
  if (over.reason === late.reason && late.aborted)
    return {
      state: 'failed',
      failure: {
        code: 'deadline_exceeded',
        message: `Cannot let ${model.name} answer: it did not finish within ${model.timeoutSeconds} s. Ask again.${kept}`,
      },
    };
  if (over.aborted) return { state: 'stopped' };
  const { code, message } = errorShape(thrown);
  return { state: 'failed', failure: { code, message: `${message}${kept}` } };
}
