// A conversation is a tree: what was edited or answered anew stands beside what was there. One way through it is shown.
import type { Message } from './message.js';

export type Messages = ReadonlyMap<string, Message>;
/** By parent (ROOT for first questions), the child that is shown. */
export type Chosen = ReadonlyMap<string, string>;

export const ROOT = '';

export const parentKey = ({ parentId }: Pick<Message, 'parentId'>): string => parentId ?? ROOT;

export interface Step {
  readonly message: Message;
  /** Ids of those beside it and its own, in the order of their coming. */
  readonly beside: readonly string[];
}

export function childrenOf(messages: Messages): ReadonlyMap<string, readonly Message[]> {
  const children = new Map<string, Message[]>();
  for (const message of messages.values()) {
    const beside = children.get(parentKey(message));
    if (beside) beside.push(message);
    else children.set(parentKey(message), [message]);
  }
  for (const beside of children.values()) if (beside.length > 1) beside.sort(byAge);
  return children;
}

const byAge = (one: Message, other: Message): number =>
  one.createdAt < other.createdAt ? -1 : one.createdAt > other.createdAt ? 1 : 0;

/** An answer that was stopped before it said anything. The lab may begin it after the next question stands in its place. */
const saidNothing = ({ role, state, parts }: Message): boolean =>
  role === 'assistant' && state === 'stopped' && parts.length === 0;

/** From a first question to the end of the branch that is shown: what was chosen, else what came last and has something to show. */
export function pathOf(messages: Messages, chosen: Chosen): readonly Step[] {
  const children = childrenOf(messages);
  const path: Step[] = [];
  const seen = new Set<string>();
  for (let key = ROOT; ; ) {
    const beside = children.get(key) ?? [];
    const message =
      beside.find(({ messageId }) => messageId === chosen.get(key)) ??
      beside.findLast((each) => !saidNothing(each)) ??
      beside.at(-1);
    // What is its own ancestor would never end.
    if (message === undefined || seen.has(message.messageId)) return path;
    seen.add(message.messageId);
    path.push({ message, beside: beside.map(({ messageId }) => messageId) });
    key = message.messageId;
  }
}

/** Where the branch that is shown ends. */
export const lastShown = ({ messages, chosen }: { messages: Messages; chosen: Chosen }): Message | undefined =>
  pathOf(messages, chosen).at(-1)?.message;

/** The choice of every message above this one, and of itself: the way to it. */
export function chosenWith(chosen: Chosen, messages: Messages, messageId: string): Chosen {
  const next = new Map(chosen);
  let message = messages.get(messageId);
  for (let steps = 0; message !== undefined && steps <= messages.size; steps += 1) {
    next.set(parentKey(message), message.messageId);
    message = message.parentId === null ? undefined : messages.get(message.parentId);
  }
  return next;
}
