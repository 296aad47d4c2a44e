// Binds an agent's handlers of resources, prompts and blobs to their operations. Decides nothing: who may do what, what fits and
// how long it may take is the pipeline's business.

import {
  type AgentContract,
  BLOB_OPEN,
  type BlobHandler,
  type Call,
  COMPLETIONS_MAX,
  type Completions,
  promptCompletion,
  promptOperation,
  type ResourceContent,
  type ResourceList,
  type ResourcePage,
  resourceOperation,
  templateNames,
} from '@labmesh/contracts';
import type { z } from 'zod';
import type { ToolHandler } from './pipeline/tool-run.js';

type Values = readonly string[];
type AnyComplete = (argument: string, value: string, call: Call) => Promise<Values> | Values;

/** A handler of any resource, as its agent typed it. */
export interface AnyResourceHandler {
  read(params: unknown, call: Call): Promise<ResourceContent> | ResourceContent;
  list?(page: ResourcePage, call: Call): Promise<ResourceList> | ResourceList;
  complete?: AnyComplete;
}

type AnyGet = (args: unknown, call: Call) => unknown;
/** A handler of any prompt, as its agent typed it. */
export type AnyPromptHandler = AnyGet | { readonly get: AnyGet; readonly complete: AnyComplete };

export interface OperationSources {
  readonly resources: Readonly<Record<string, AnyResourceHandler>>;
  readonly prompts: Readonly<Record<string, AnyPromptHandler>>;
  readonly blobs: Partial<BlobHandler>;
}

interface Completing {
  readonly argument: string;
  readonly value: string;
}

/** One handler per operation of the contract. @throws Error for one that is missing, at start and not at a call */
export function operationHandlers(
  contract: AgentContract,
  { resources, prompts, blobs }: OperationSources,
): Record<string, ToolHandler> {
  const handlers: Record<string, ToolHandler> = {};
  for (const [name, { listed, uri }] of Object.entries(contract.resources)) {
    const handler = resources[name];
    if (handler === undefined) throw new Error(`no handler for the resource ${contract.name}.${name}`);
    handlers[resourceOperation(name, 'read')] = (params, call) => handler.read(params, call);
    handlers[resourceOperation(name, 'complete')] = completion((argument, value, call) =>
      handler.complete === undefined ? [] : handler.complete(argument, value, call),
    );
    const list = handler.list?.bind(handler);
    if (listed && list === undefined && templateNames(uri).length > 0)
      throw new Error(`no list for the resource ${contract.name}.${name}`);
    if (list) handlers[resourceOperation(name, 'list')] = (page, call) => list(page as ResourcePage, call);
  }
  for (const [name, spec] of Object.entries(contract.prompts)) {
    const handler = prompts[name];
    if (handler === undefined) throw new Error(`no handler for the prompt ${contract.name}.${name}`);
    const { get, complete } = typeof handler === 'function' ? { get: handler, complete: undefined } : handler;
    handlers[promptOperation(name)] = (args, call) => get(args, call);
    handlers[promptCompletion(name)] = completion(
      (argument, value, call) => enumValues(spec.arguments.shape[argument]) ?? complete?.(argument, value, call) ?? [],
    );
  }
  if (contract.blobs !== undefined) {
    const open = blobs.open?.bind(blobs);
    if (open === undefined) throw new Error(`no handler for the blobs of ${contract.name}`);
    handlers[BLOB_OPEN] = (input, call) => open((input as { blobId: string }).blobId, call);
  }
  return handlers;
}

/** Keeps the values that begin with what was typed, in any case, each once. */
const completion =
  (ask: AnyComplete): ToolHandler =>
  async (input, call): Promise<z.input<typeof Completions>> => {
    const { argument, value } = input as Completing;
    const typed = value.toLowerCase();
    const known = new Set(await ask(argument, value, call));
    const fitting = [...known].filter((candidate) => candidate.toLowerCase().startsWith(typed));
    return { values: fitting.slice(0, COMPLETIONS_MAX), hasMore: fitting.length > COMPLETIONS_MAX };
  };

/** The values of an enum, also of one that may be left out; undefined for any other text. */
function enumValues(schema: z.ZodType | undefined): Values | undefined {
  const json = schema?.toJSONSchema({ io: 'input' });
  return json?.enum?.filter((value) => typeof value === 'string');
}
