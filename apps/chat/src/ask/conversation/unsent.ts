// Messages that the lab has not said it has, kept in this tab: a reload between two steps loses none of them.
import type { NewMessage } from './message.js';

const nameOf = (conversationId: string): string => `labmesh.unsent.${conversationId}`;

export function keepUnsent(conversationId: string, messages: readonly NewMessage[]): void {
  try {
    if (messages.length > 0) sessionStorage.setItem(nameOf(conversationId), JSON.stringify(messages));
    else sessionStorage.removeItem(nameOf(conversationId));
  } catch {
    // storage is switched off: they last until the page is reloaded
  }
}

export function keptUnsent(conversationId: string): readonly NewMessage[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(nameOf(conversationId)) ?? '[]');
    return Array.isArray(kept) ? (kept as NewMessage[]) : [];
  } catch {
    return [];
  }
}
