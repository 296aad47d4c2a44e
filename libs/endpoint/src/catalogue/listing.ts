// A tool as MCP lists it, made of its contract. Decides nothing about who may call it.

import { type AgentContract, gatewayName, type NamedTool, type Principal, ToolContent } from '@labmesh/contracts';
import type { Decision } from '@labmesh/identity';
import { z } from 'zod';
import type { Caller } from '../callers/caller.js';
import type { ToolScope } from '../callers/toolset-scope.js';

/** A tool as MCP lists it. Schemas are JSON Schema 2020-12, MCP's own, so they need not say it by `$schema`. */
export interface ListedTool {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly inputSchema: { readonly type: 'object'; readonly [key: string]: unknown };
  /** Left out when the tool answers content blocks. */
  readonly outputSchema?: { readonly type: 'object'; readonly [key: string]: unknown };
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** Answers a validated input. @throws AppError of the codes that the tool's contract lists */
export type OwnAnswer = (input: unknown, caller: Caller) => Record<string, unknown>;

export interface CatalogueName extends NamedTool {
  /** The name on this endpoint. */
  readonly name: string;
  /** Present on the endpoint's own tools: they are answered here, not by an agent. */
  readonly answer?: OwnAnswer;
}

export interface CatalogueEntry extends CatalogueName {
  /** Made when it is first looked at: schemas of all tools are more work than the rest of a start's own. */
  readonly listed: ListedTool;
  /** With what the list leaves out, for describe_tool. */
  readonly whole: ListedTool;
}

/** What the endpoint's own tools look up: who may use which tool, and whether its agent is there. */
export interface ToolIndex {
  readonly agents: readonly AgentContract[];
  find(name: string): CatalogueEntry | undefined;
  isUp(agent: string): boolean;
  decide(principal: Principal, entry: CatalogueName, scope?: ToolScope): Decision;
}

export type Naming = (agent: string, tool: string) => string;

/** Names at the gateway: `<agent>_<tool>`. */
export const prefixed: Naming = gatewayName;
/** Names at an agent's own endpoint. */
export const plain: Naming = (_agent, tool) => tool;

const jsonSchema = (schema: z.ZodObject, io: 'input' | 'output'): ListedTool['inputSchema'] => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, override: SAID[io] }) as Record<string, unknown>;
  // Kept where a contract says it: in every schema it would make the list a fifth longer, and clients with small contexts pay.
  const said = schema.meta()?.$schema === undefined ? {} : { $schema };
  return { ...said, ...rest, type: 'object' };
};

interface Part {
  readonly jsonSchema: z.core.JSONSchema.BaseSchema;
}

/** What a format says already, and bounds that every JSON number has in this lab: a sixth of the list, and news to nobody. */
function withoutTheObvious({ jsonSchema: schema }: Part): void {
  if (schema.format !== undefined) delete schema.pattern;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
}

const BOUNDS = ['default', 'maximum', 'maxItems', 'maxLength', 'minimum', 'minItems', 'minLength', 'pattern'] as const;

/** A result has what it has, and more one day: bounds are for who writes. The agent holds its results to them by itself. */
function withoutBounds({ jsonSchema: schema }: Part): void {
  for (const bound of BOUNDS) delete schema[bound];
  if (schema.additionalProperties === false) delete schema.additionalProperties;
}

const SAID = { input: withoutTheObvious, output: withoutBounds };

/** All that there is to say of a tool. */
function wholeTool(name: string, { spec }: NamedTool): ListedTool {
  const reads = spec.effect === 'read';
  return {
    name,
    title: spec.title,
    description: spec.description,
    inputSchema: jsonSchema(spec.input, 'input'),
    ...(spec.output === ToolContent ? {} : { outputSchema: jsonSchema(spec.output, 'output') }),
    annotations: {
      readOnlyHint: reads,
      destructiveHint: spec.effect === 'destroy',
      idempotentHint: reads || spec.idempotent === true,
      openWorldHint: false,
    },
  };
}

type Schema = z.core.JSONSchema.BaseSchema;

/** The same, but of each member that the contract calls long no more than what it is. */
function inBrief(tool: ListedTool, brief: readonly string[]): ListedTool {
  const { properties, ...rest } = tool.inputSchema;
  const members = Object.entries(properties as Record<string, Schema>).map(([name, schema]) => [
    name,
    brief.includes(name) ? shortOf(schema) : schema,
  ]);
  return { ...tool, inputSchema: { ...rest, properties: Object.fromEntries(members) } };
}

/** What is left out is said where it is more than bounds and words: of an object, or of a list of them. */
function shortOf({ type, description, items }: Schema): Schema {
  const one = typeof items === 'object' && !Array.isArray(items) ? items : undefined;
  const each = one === undefined ? {} : { items: { type: one.type } };
  if (type !== 'object' && one?.type !== 'object') return { type, ...each };
  return { type, ...each, description: `${description ?? ''} (in full: describe_tool)`.trim() };
}

/** @param described whether describe_tool tells what the list leaves out; if nothing does, nothing is left out */
export function withList(tool: CatalogueName, described: boolean): CatalogueEntry {
  const { brief } = tool.spec;
  let whole: ListedTool | undefined;
  let listed: ListedTool | undefined;
  return {
    ...tool,
    get whole() {
      whole ??= wholeTool(tool.name, tool);
      return whole;
    },
    get listed() {
      listed ??= described && brief !== undefined ? inBrief(this.whole, brief) : this.whole;
      return listed;
    },
  };
}
