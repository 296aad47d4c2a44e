// Messages of conversations as the lab's tools tell them. Whoever makes a message gives it its id, so that what is sent twice is there
// once.
import type { librarian, ToolInput, ToolOutput } from '@labmesh/contracts';

type Tools = typeof librarian.tools;

export type ConversationPage = ToolOutput<Tools['get_conversation']>;
export type Message = ConversationPage['messages'][number];
export type Part = Message['parts'][number];
export type CallPart = Extract<Part, { type: 'tool_call' }>;
export type ResultPart = Extract<Part, { type: 'tool_result' }>;
export type CitationsPart = Extract<Part, { type: 'citations' }>;
export type NewMessage = ToolInput<Tools['add_messages']>['messages'][number];
export type Answered = ToolOutput<Tools['converse']>;
export type Stopped = ToolOutput<Tools['stop_answer']>;
export type Listed = ToolOutput<Tools['list_conversations']>['conversations'][number];

/** What of an answer has come, as the lab tells it while it is written. */
export interface Piece {
  readonly messageId: string;
  readonly doing: Doing;
  readonly at: number;
  readonly text: string;
}
export type Doing = 'waiting' | 'thinking' | 'writing' | 'calling';

export const TOOLS = {
  add: 'librarian_add_messages',
  list: 'librarian_list_conversations',
  get: 'librarian_get_conversation',
  rename: 'librarian_rename_conversation',
  delete: 'librarian_delete_conversation',
  export: 'librarian_export_conversation',
  converse: 'librarian_converse',
  stop: 'librarian_stop_answer',
  models: 'librarian_list_models',
  setModel: 'librarian_set_model',
  testModel: 'librarian_test_model',
  ask: 'librarian_query_knowledge_base',
  projects: 'architect_list_projects',
} as const;

/** Until the lab tells of it itself. */
export const localMessage = (of: Pick<Message, 'messageId' | 'parentId' | 'role'> & Partial<Message>): Message => {
  const now = new Date().toISOString();
  return {
    parts: [],
    state: 'complete',
    failure: null,
    model: null,
    usage: null,
    leftOut: 0,
    cutShort: false,
    createdAt: now,
    updatedAt: now,
    version: 0,
    ...of,
  } as Message;
};

export const textOf = ({ parts }: Pick<Message, 'parts'>): string =>
  parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n\n');

export const callsOf = ({ parts }: Pick<Message, 'parts'>): readonly CallPart[] =>
  parts.filter((part): part is CallPart => part.type === 'tool_call');

export const resultsOf = ({ parts }: Pick<Message, 'parts'>): readonly ResultPart[] =>
  parts.filter((part): part is ResultPart => part.type === 'tool_result');
