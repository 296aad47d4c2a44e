// The conversations of this person, the last one first, and those in which words stand.
import type { librarian, ToolOutput } from '@labmesh/contracts';
import { useEffect } from 'react';
import { usePartsIn } from '../../mcp/parts.js';
import { type Answer, useAnswer } from '../../mcp/use-answer.js';
import type { Conversations } from '../conversation/conversations.js';
import { TOOLS } from '../conversation/message.js';

export type History = ToolOutput<typeof librarian.tools.list_conversations>;

export function useHistory(conversations: Conversations, words: string, limit: number): Answer<History> {
  const tool = usePartsIn(TOOLS).has('list') ? TOOLS.list : undefined;
  const history = useAnswer<History>(tool, { limit, ...(words === '' ? {} : { words }) });
  const { refresh } = history;
  useEffect(() => conversations.onChanged(refresh), [conversations, refresh]);
  return history;
}
