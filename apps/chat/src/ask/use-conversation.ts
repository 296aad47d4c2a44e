// The questions of this sign-in and what came back. It lives above the pages, so an answer arrives wherever one looks.
import { useCallback, useRef, useState } from 'react';
import type { Failure } from '../failure.js';
import { callFor } from '../mcp/connection.js';
import { useLab } from '../mcp/lab.js';
import type { Answer } from './answer.js';

export const ASK_TOOL = 'librarian_query_knowledge_base';
/** The tool's own limit, characters. */
export const QUESTION_MAX = 1_000;
const EXCHANGES_MAX = 100;
/** Earlier questions that go along: the Librarian takes from them what "it" means. */
const CONTEXT_QUESTIONS = 5;

export interface Exchange {
  readonly id: number;
  readonly question: string;
  readonly state:
    | { readonly status: 'waiting' }
    | { readonly status: 'answered'; readonly answer: Answer }
    | { readonly status: 'failed'; readonly failure: Failure };
}

export interface Conversation {
  readonly exchanges: readonly Exchange[];
  readonly selected: Exchange | undefined;
  readonly select: (id: number | undefined) => void;
  readonly ask: (question: string) => void;
}

export function useConversation(): Conversation {
  const { connection } = useLab();
  const [exchanges, setExchanges] = useState<readonly Exchange[]>([]);
  const [selectedId, select] = useState<number>();
  const lastId = useRef(0);
  const earlier = useRef<readonly string[]>([]);
  const ask = useCallback(
    (question: string) => {
      lastId.current += 1;
      const id = lastId.current;
      setExchanges((now) => [...now, { id, question, state: { status: 'waiting' } } as const].slice(-EXCHANGES_MAX));
      select(id);
      const input = { question, context: earlier.current };
      earlier.current = [...earlier.current, question].slice(-CONTEXT_QUESTIONS);
      void callFor<Answer>(connection, { name: ASK_TOOL, input }).then((outcome) => {
        const state = outcome.ok
          ? ({ status: 'answered', answer: outcome.value } as const)
          : ({ status: 'failed', failure: outcome.failure } as const);
        setExchanges((now) => now.map((exchange) => (exchange.id === id ? { ...exchange, state } : exchange)));
      });
    },
    [connection],
  );
  return { exchanges, selected: exchanges.find(({ id }) => id === selectedId), select, ask };
}
