// The Librarian's tools for conversations: contract to domain, nothing else.
import { handlersOf } from '@labmesh/agent';
import type { Handlers, librarianParts } from '@labmesh/contracts';
import { Conversations } from './conversations.js';
import { ConversationExport } from './export.js';

export const conversationTools = handlersOf(
  [Conversations, ConversationExport],
  (conversations, exports): Handlers<typeof librarianParts.conversations> => ({
    add_messages: (input, call) => conversations.add(input, call),
    list_conversations: (input, call) => conversations.list(input, call),
    get_conversation: (input, call) => conversations.get(input, call),
    rename_conversation: (input, call) => conversations.rename(input, call),
    delete_conversation: (input, call) => conversations.remove(input, call),
    export_conversation: (input, { principal }) => exports.export(input, principal),
  }),
);
