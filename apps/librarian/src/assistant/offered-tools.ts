// Which of the lab's tools a model may ask for: those that the client names, or those that fit the question; of them only what the
// person themself may call. What a model must never do is not among them, whoever names it.
import type { LanguageModelV3FunctionTool } from '@ai-sdk/provider';
import {
  AGENTS,
  gatewayName,
  librarian,
  type NamedTool,
  type Principal,
  publicTools,
  toolOf,
} from '@labmesh/contracts';
import { decide, Policies } from '@labmesh/identity';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { callsIn, type MessageRow, partsOf, textOf } from '../conversations/message.js';
import { labToolSearch } from '../manifest/lab-tool-search.js';
import type { ModelSettings } from './models.repository.js';
import { tokensOf } from './prompt.js';

/** Most that are found for a question. */
const FOUND_MAX = 12;
/** The part of a model's context that tools may take. */
const PART = 0.25;
const WORDS_MAX = 500;

/** A model that asks models, or handles their keys. */
const NEVER = new Set([
  toolOf(librarian, 'converse'),
  toolOf(librarian, 'stop_answer'),
  toolOf(librarian, 'set_model'),
  toolOf(librarian, 'remove_model'),
  toolOf(librarian, 'test_model'),
]);

const EFFECTS = {
  read: 'It changes nothing.',
  write: 'It changes something: the person is asked first.',
  destroy: 'It removes something or cannot be undone: the person is asked first.',
} as const;

const nameOf = ({ agent, tool }: NamedTool): string => gatewayName(agent, tool);
const byName = new Map(publicTools(AGENTS).map((tool) => [nameOf(tool), tool]));

@Injectable()
export class OfferedTools {
  constructor(@Inject(Policies) private readonly policies: Pick<Policies, 'current'>) {}

  for(
    {
      names,
      path,
      principal,
    }: { names: readonly string[] | undefined; path: readonly MessageRow[]; principal: Principal },
    model: ModelSettings,
  ): LanguageModelV3FunctionTool[] {
    if (!model.tools) return [];
    const wanted = names === undefined ? this.#fitting(path) : names.map((name) => byName.get(name));
    const policy = this.policies.current;
    const offered: LanguageModelV3FunctionTool[] = [];
    let room = model.contextTokens * PART;
    for (const tool of new Set(wanted)) {
      if (tool === undefined || NEVER.has(nameOf(tool)) || !decide(principal, tool, { policy }).decision) continue;
      const { told, tokens } = describe(tool);
      room -= tokens;
      if (room < 0) break;
      offered.push(told);
    }
    return offered;
  }

  /** What the conversation has used already, then what fits its last question. */
  #fitting(path: readonly MessageRow[]): (NamedTool | undefined)[] {
    const used = path.flatMap((row) => callsIn(partsOf(row)).map(({ tool }) => byName.get(tool)));
    const question = path.findLast(({ role }) => role === 'user');
    const words = question === undefined ? '' : textOf(partsOf(question)).slice(0, WORDS_MAX);
    const found = labToolSearch().find(words, FOUND_MAX, (tool) => !NEVER.has(nameOf(tool)));
    return [...used.slice(-FOUND_MAX), ...found.map(({ entry }) => entry)];
  }
}

interface Described {
  readonly told: LanguageModelV3FunctionTool;
  readonly tokens: number;
}

const described = new Map<string, Described>();

function describe(tool: NamedTool): Described {
  const name = nameOf(tool);
  const before = described.get(name);
  if (before !== undefined) return before;
  const { title, description, effect, input } = tool.spec;
  const { $schema: _draft, ...inputSchema } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  const told = {
    type: 'function' as const,
    name,
    description: `${title}. ${description} ${EFFECTS[effect]}`,
    inputSchema: inputSchema as LanguageModelV3FunctionTool['inputSchema'],
  };
  const made = { told, tokens: tokensOf(JSON.stringify(told)) };
  described.set(name, made);
  return made;
}
