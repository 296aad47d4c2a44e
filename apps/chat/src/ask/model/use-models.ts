// The language models that this caller may use, and the one that is chosen. Without any, the Librarian answers.
import type { librarian, ToolOutput } from '@labmesh/contracts';
import { useState } from 'react';
import { usePartsIn } from '../../mcp/parts.js';
import { useAnswer } from '../../mcp/use-answer.js';
import { TOOLS } from '../conversation/message.js';

type Models = ToolOutput<typeof librarian.tools.list_models>;
export type Model = Models['models'][number];

export interface ModelChoice {
  readonly models: readonly Model[];
  /** Undefined: the Librarian. */
  readonly chosen: string | undefined;
  readonly known: boolean;
  readonly choose: (name: string | undefined) => void;
  readonly refresh: () => void;
}

const KEY = 'labmesh.model';
const LIBRARIAN = '';

export function useModels(): ModelChoice {
  const parts = usePartsIn(TOOLS);
  const tool = parts.has('models') && parts.has('converse') ? TOOLS.models : undefined;
  const { value, failure, refresh } = useAnswer<Models>(tool, {});
  const [wanted, setWanted] = useState(remembered);
  const models = value?.models ?? [];
  const chosen =
    wanted === LIBRARIAN
      ? undefined
      : (models.find(({ name }) => name === wanted) ?? models.find(({ isDefault }) => isDefault) ?? models[0])?.name;
  const choose = (name: string | undefined) => {
    setWanted(name ?? LIBRARIAN);
    remember(name ?? LIBRARIAN);
  };
  return { models, chosen, known: tool === undefined || value !== undefined || failure !== undefined, choose, refresh };
}

function remembered(): string | undefined {
  try {
    return localStorage.getItem(KEY) ?? undefined;
  } catch {
    return undefined; // storage is switched off: the default holds
  }
}

function remember(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // storage is switched off: the choice lasts until the page is reloaded
  }
}
