// The six agents of the lab, in the order people read them.
import { architect } from './architect.js';
import { chancellor } from './chancellor.js';
import { curator } from './curator.js';
import { librarian } from './librarian.js';
import { mechanic } from './mechanic.js';
import { sentinel } from './sentinel.js';
import { type TextFields, textFieldsOf } from './text-fields.js';
import type { AgentContract } from './tool.js';

export const AGENTS: readonly AgentContract[] = [curator, sentinel, chancellor, architect, mechanic, librarian];

/** What the text fields of a tool of the lab hold, by its name; a tool that is not there holds prose. */
export function textFieldsOfTool({ agent, tool }: { readonly agent: string; readonly tool: string }): TextFields {
  const input = AGENTS.find(({ name }) => name === agent)?.tools[tool]?.input;
  return input === undefined ? { holds: 'prose' } : textFieldsOf(input);
}
