// How what is known of a conversation changes: pieces of answers in any order, ends, stops, and what the lab tells anew.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { localMessage, type Message, textOf } from './message.js';
import { type Action, type ConversationState, EMPTY, reduced } from './state.js';
import { pathOf } from './tree.js';

const question = localMessage({
  messageId: 'q',
  parentId: null,
  role: 'user',
  parts: [{ type: 'text', text: 'why?' }],
});
const begun: readonly Action[] = [
  { type: 'written', message: question },
  { type: 'begun', answerId: 'a', parentId: 'q' },
];
const after = (...actions: readonly Action[]): ConversationState => actions.reduce(reduced, EMPTY);
const piece = (at: number, text: string): Action => ({
  type: 'piece',
  piece: { messageId: 'a', doing: 'writing', at, text },
});
const answerIn = (state: ConversationState): Message | undefined => state.messages.get('a');
const written = (state: ConversationState): string => textOf(answerIn(state) ?? { parts: [] });

describe('an answer as it comes', () => {
  it('grows by its pieces, and what comes twice is there once', () => {
    const state = after(...begun, piece(0, 'Be'), piece(2, 'cause'), piece(0, 'Because'), piece(2, 'cause it is'));
    expect([written(state), answerIn(state)?.state, state.doing.get('a')]).toEqual([
      'Because it is',
      'streaming',
      'writing',
    ]);
  });

  it('is a beginning of the whole, whichever pieces come and how often', () => {
    const whole = 'All of the answer, and nothing but it.';
    const cut = fc.tuple(fc.nat(whole.length), fc.nat(whole.length));
    fc.assert(
      fc.property(fc.array(cut, { maxLength: 40 }), (cuts) => {
        const pieces = cuts.map(([from, to]) =>
          piece(Math.min(from, to), whole.slice(Math.min(from, to), Math.max(from, to))),
        );
        expect(whole.startsWith(written(after(...begun, ...pieces)))).toBe(true);
      }),
    );
  });

  it('stays stopped, whatever was under way', () => {
    const state = after(...begun, piece(0, 'Be'), { type: 'stopped', answerId: 'a' }, piece(2, 'cause'));
    expect([written(state), answerIn(state)?.state, state.doing.size]).toEqual(['Be', 'stopped', 0]);
  });

  it('keeps why it failed', () => {
    const failure = { code: 'unavailable', message: 'gone' };
    const state = after(...begun, { type: 'broken', answerId: 'a', failure });
    expect([answerIn(state)?.state, state.failures.get('a')]).toEqual(['failed', failure]);
  });
});

describe('what the lab tells', () => {
  const page = (messages: Message[], version: number, more = false): Action => ({
    type: 'page',
    page: { conversationId: 'c', title: 'T', messages, version, more },
  });
  const stored = (parts: Message['parts'], state: Message['state']): Message =>
    localMessage({ messageId: 'a', parentId: 'q', role: 'assistant', parts, state, version: 3 });

  it('takes the place of what was assumed, but not of an answer that comes here itself', () => {
    const behind = after(...begun, piece(0, 'Because'), page([stored([{ type: 'text', text: 'Be' }], 'streaming')], 3));
    expect(written(behind)).toBe('Because');
    const ended = reduced(behind, page([stored([{ type: 'text', text: 'Because so.' }], 'complete')], 4));
    expect([written(ended), ended.version, ended.title]).toEqual(['Because so.', 4, 'T']);
  });

  it('is loading until the last page', () => {
    expect(after(page([question], 1, true)).status).toBe('loading');
    expect(after(page([question], 1)).status).toBe('ready');
  });
});

it('a question that moves up takes the place of the answer that nobody saw', () => {
  const next = localMessage({ messageId: 'q2', parentId: 'a', role: 'user' });
  const state = after(
    ...begun,
    { type: 'stopped', answerId: 'a' },
    { type: 'written', message: next },
    { type: 'moved', messageId: 'q2', parentId: 'q', gone: 'a' },
  );
  expect(pathOf(state.messages, state.chosen).map(({ message }) => message.messageId)).toEqual(['q', 'q2']);
  expect(state.messages.size).toBe(2);
});
