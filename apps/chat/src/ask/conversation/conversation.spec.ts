// A conversation against a lab that keeps, refuses and answers late: nothing is lost, nothing stands under what is not there.
import { describe, expect, it } from 'vitest';
import type { CallOptions, Connection, ToolResult } from '../../mcp/connection.js';
import { newId } from '../../mcp/ids.js';
import { Conversation } from './conversation.js';
import { localMessage, type NewMessage, TOOLS, textOf } from './message.js';
import { pathOf } from './tree.js';

interface Call {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly options: CallOptions;
  readonly answer: (result: ToolResult) => void;
}

const ok = (structuredContent: unknown): ToolResult => ({ structuredContent });
const refused = (code: string): ToolResult => ({
  isError: true,
  content: [],
  _meta: { 'labmesh/error': { code, message: code } },
});
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function bed() {
  const calls: Call[] = [];
  const connection = {
    callTool: (name: string, input: Call['input'], options: CallOptions = {}) =>
      new Promise<ToolResult>((resolve, reject) => {
        options.signal?.addEventListener('abort', () => reject(new Error('aborted')));
        calls.push({ name, input, options, answer: resolve });
      }),
  } as unknown as Connection;
  const conversation = new Conversation(connection, newId());
  const shown = (): string[] =>
    pathOf(conversation.state.messages, conversation.state.chosen).map(
      ({ message }) => `${message.role}: ${textOf(message)}`,
    );
  return {
    calls,
    conversation,
    shown,
    byModel: { model: 'm', kept: true },
    byLibrarian: { model: undefined, kept: true },
  };
}

const messagesOf = (call: Call | undefined): readonly NewMessage[] => call?.input.messages as NewMessage[];

describe('with a model', () => {
  it('sends what was not acknowledged along with the next, under the answer that was stopped', async () => {
    const { calls, conversation, byModel } = bed();
    conversation.ask('one', byModel);
    await turn();
    const answerId = calls[0]?.input.answerId as string;
    conversation.stop(answerId);
    conversation.ask('two', byModel);
    await turn();
    expect(messagesOf(calls[1]).map(({ parts, parentId }) => [parts[0], parentId])).toEqual([
      [{ type: 'text', text: 'one' }, null],
      [{ type: 'text', text: 'two' }, answerId],
    ]);
  });

  it('moves a question up when the lab never saw the answer above it', async () => {
    const { calls, conversation, shown, byModel } = bed();
    conversation.ask('one', byModel);
    await turn();
    conversation.stop(calls[0]?.input.answerId as string);
    conversation.ask('two', byModel);
    await turn();
    calls[1]?.answer(refused('not_found'));
    await turn();
    const [first, second] = messagesOf(calls[2]);
    expect([calls[2]?.input.answerId, second?.parentId]).toEqual([calls[1]?.input.answerId, first?.messageId]);
    const message = localMessage({
      messageId: calls[2]?.input.answerId as string,
      parentId: second?.messageId ?? '',
      role: 'assistant',
      parts: [{ type: 'text', text: 'yes' }],
    });
    calls[2]?.answer(ok({ conversationId: conversation.conversationId, title: 'one', message, offered: [] }));
    await turn();
    expect(shown()).toEqual(['user: one', 'user: two', 'assistant: yes']);
    expect(conversation.state.title).toBe('one');
  });

  it('shows pieces as they come, and keeps what failed with its reason', async () => {
    const { calls, conversation, shown, byModel } = bed();
    conversation.ask('one', byModel);
    await turn();
    const messageId = calls[0]?.input.answerId as string;
    const say = (message: string) => calls[0]?.options.onProgress?.({ progress: 1, message });
    say(JSON.stringify({ messageId, doing: 'writing', at: 0, text: 'half' }));
    say('no JSON');
    expect(shown()).toEqual(['user: one', 'assistant: half']);
    calls[0]?.answer(refused('upstream_failed'));
    await turn();
    expect(conversation.state.failures.get(messageId)?.code).toBe('upstream_failed');
    // The lab said something of it, so it has the question: it is not sent again.
    conversation.again(messageId, byModel);
    await turn();
    expect([messagesOf(calls[1]), calls[1]?.input.answerTo]).toEqual([[], [...conversation.state.messages.keys()][0]]);
  });

  it('stops an answer that is written elsewhere where it is written, and says why it could not', async () => {
    const { calls, conversation } = bed();
    conversation.open();
    await turn();
    const question = localMessage({ messageId: newId(), parentId: null, role: 'user', version: 1 });
    const parentId = question.messageId;
    const half = localMessage({ messageId: newId(), parentId, role: 'assistant', state: 'streaming', version: 2 });
    calls[0]?.answer(ok({ title: '', messages: [question, half], version: 2, more: false }));
    await turn();
    const stops = (): Call[] => calls.filter(({ name }) => name === TOOLS.stop);
    const state = () => conversation.state.messages.get(half.messageId)?.state;
    conversation.stop(half.messageId);
    expect(stops()[0]?.input).toEqual({ conversationId: conversation.conversationId, answerId: half.messageId });
    stops()[0]?.answer(refused('unavailable'));
    await turn();
    expect([state(), conversation.state.failures.get(half.messageId)?.code]).toEqual(['streaming', 'unavailable']);
    conversation.stop(half.messageId);
    stops()[1]?.answer(ok({ message: { ...half, state: 'stopped', version: 3 } }));
    await turn();
    expect(state()).toBe('stopped');
  });

  it('an edit stands beside the question, and answers at once are two branches', async () => {
    const { calls, conversation, byModel } = bed();
    conversation.ask('one', byModel);
    const [questionId = ''] = conversation.state.messages.keys();
    conversation.edit(questionId, 'one, changed', byModel);
    await turn();
    expect(calls.map(({ name }) => name)).toEqual([TOOLS.converse, TOOLS.converse]);
    expect(pathOf(conversation.state.messages, conversation.state.chosen)[0]?.beside).toHaveLength(2);
    expect([...conversation.state.doing.values()]).toEqual(['waiting', 'waiting']);
  });
});

describe('without a model', () => {
  const answer = { answered: true, confidence: 0.9, answer: 'so [1]', citations: [], nearest: [] };

  it('asks the Librarian with the questions before, and keeps question and answer in their order', async () => {
    const { calls, conversation, shown, byLibrarian } = bed();
    conversation.ask('one', byLibrarian);
    await turn();
    expect(calls.map(({ name }) => name).sort()).toEqual([TOOLS.add, TOOLS.ask].sort());
    calls.find(({ name }) => name === TOOLS.ask)?.answer(ok(answer));
    calls.find(({ name }) => name === TOOLS.add)?.answer(ok({}));
    await turn();
    expect(messagesOf(calls[2]).map(({ role }) => role)).toEqual(['assistant']);
    calls[2]?.answer(ok({}));
    conversation.ask('two', byLibrarian);
    await turn();
    expect(calls.filter(({ name }) => name === TOOLS.ask)[1]?.input).toEqual({ question: 'two', context: ['one'] });
    expect(shown().slice(0, 3)).toEqual(['user: one', 'assistant: so [1]', 'user: two']);
  });

  it('a question after one that was stopped stands under that question', async () => {
    const { calls, conversation, byLibrarian } = bed();
    conversation.ask('one', byLibrarian);
    await turn();
    const [questionId, answerId = ''] = conversation.state.messages.keys();
    conversation.stop(answerId);
    conversation.ask('two', byLibrarian);
    await turn();
    const adds = (): Call[] => calls.filter(({ name }) => name === TOOLS.add);
    adds()[0]?.answer(ok({}));
    await turn();
    adds()[1]?.answer(refused('not_found'));
    await turn();
    expect(messagesOf(adds()[2]).map(({ parentId }) => parentId)).toEqual([questionId]);
  });

  it('says when the lab does not keep it, and goes on', async () => {
    const { calls, conversation, byLibrarian } = bed();
    conversation.ask('one', byLibrarian);
    await turn();
    calls.find(({ name }) => name === TOOLS.add)?.answer(refused('quota_exceeded'));
    calls.find(({ name }) => name === TOOLS.ask)?.answer(ok(answer));
    await turn();
    expect(conversation.state.unkept?.code).toBe('quota_exceeded');
  });
});
