// Resources, prompts and blobs as operations: named, typed and limited like tools, so that one pipeline serves them all.
// Agents and endpoints derive the same list from a contract. Nothing is handled here.
import { z } from 'zod';
import { BLOB_OPEN, BlobId, OpenedBlob } from './blob.js';
import { type NamedTool, promptCompletion, promptOperation, resourceOperation } from './names.js';
import { PromptAnswer, type PromptSpec } from './prompt.js';
import { ResourceContent, ResourceListing, ResourcePage, type ResourceSpec } from './resource.js';
import type { AgentContract, ToolSpec } from './tool.js';
import { templateNames } from './uri-template.js';

const READ_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 5_000;
const VALUE_MAX = 1_000;
/** Most values in one completion, by the protocol. */
export const COMPLETIONS_MAX = 100;

export const Completions = z.object({ values: z.array(z.string()).max(COMPLETIONS_MAX), hasMore: z.boolean() });

export interface ResourceOperations {
  readonly agent: string;
  readonly resource: string;
  readonly spec: ResourceSpec;
  readonly read: NamedTool;
  /** Present when the agent lists the resources of a template. */
  readonly list?: NamedTool;
  readonly complete: NamedTool;
}

export interface PromptOperations {
  readonly agent: string;
  readonly prompt: string;
  readonly spec: PromptSpec;
  readonly get: NamedTool;
  readonly complete: NamedTool;
}

type Parts = Pick<ToolSpec, 'title' | 'description' | 'permission' | 'input' | 'output' | 'errors' | 'timeoutMs'> &
  Partial<Pick<ToolSpec, 'about' | 'through'>>;

const reading = (agent: string, tool: string, parts: Parts): NamedTool => ({
  agent,
  tool,
  spec: { ...parts, effect: 'read' },
});

const completing = (names: readonly string[]): Pick<ToolSpec, 'input' | 'output' | 'errors' | 'timeoutMs'> => ({
  input: z.object({ argument: z.enum(names), value: z.string().max(VALUE_MAX) }),
  output: Completions,
  errors: [],
  timeoutMs: ANSWER_TIMEOUT_MS,
});

/** In the order of declaration. */
export const resourceOperations = ({ name: agent, resources }: AgentContract): ResourceOperations[] =>
  Object.entries(resources).map(([resource, spec]) => {
    const names = templateNames(spec.uri);
    const { title, description, permission } = spec;
    const face = { title, description, permission };
    const params = z.object(Object.fromEntries(names.map((name) => [name, z.string().min(1).max(VALUE_MAX)])));
    const list = reading(agent, resourceOperation(resource, 'list'), {
      ...face,
      input: ResourcePage,
      output: ResourceListing,
      errors: [],
      timeoutMs: ANSWER_TIMEOUT_MS,
    });
    return {
      agent,
      resource,
      spec,
      read: reading(agent, resourceOperation(resource, 'read'), {
        ...face,
        input: params,
        output: ResourceContent,
        errors: ['not_found', 'too_large', 'input_required'],
        timeoutMs: READ_TIMEOUT_MS,
      }),
      ...(spec.listed && names.length > 0 ? { list } : {}),
      complete: reading(agent, resourceOperation(resource, 'complete'), { ...face, ...completing(names) }),
    };
  });

/** In the order of declaration. */
export const promptOperations = ({ name: agent, prompts }: AgentContract): PromptOperations[] =>
  Object.entries(prompts).map(([prompt, spec]) => {
    const { title, description, permission } = spec;
    const face = { title, description, permission };
    return {
      agent,
      prompt,
      spec,
      get: reading(agent, promptOperation(prompt), {
        ...face,
        input: spec.arguments,
        output: PromptAnswer,
        errors: ['not_found', 'input_required'],
        timeoutMs: ANSWER_TIMEOUT_MS,
      }),
      complete: reading(agent, promptCompletion(prompt), {
        ...face,
        ...completing(Object.keys(spec.arguments.shape)),
      }),
    };
  });

/** How an agent is asked for whom a blob of its own may be read; undefined when it has none. */
export function blobOperation({ name: agent, blobs }: AgentContract): NamedTool | undefined {
  if (blobs === undefined) return undefined;
  const { description, permission, through = [] } = blobs;
  return reading(agent, BLOB_OPEN, {
    title: 'Open a blob',
    description,
    permission,
    through,
    input: z.object({ blobId: BlobId }),
    about: ['blobId'],
    output: OpenedBlob,
    errors: ['not_found'],
    timeoutMs: ANSWER_TIMEOUT_MS,
  });
}

/** Everything an agent answers beside its tools. A name that means two things is a mistake in its contract. */
export function operationsOf(contract: AgentContract): NamedTool[] {
  const operations = [
    ...resourceOperations(contract).flatMap(({ read, list, complete }) => [read, ...(list ? [list] : []), complete]),
    ...promptOperations(contract).flatMap(({ get, complete }) => [get, complete]),
    ...[blobOperation(contract)].filter((operation) => operation !== undefined),
  ];
  const names = new Set([...Object.keys(contract.tools), ...operations.map(({ tool }) => tool)]);
  if (names.size < Object.keys(contract.tools).length + operations.length)
    throw new Error(`two operations of ${contract.name} have one name: no resource may be called "prompt"`);
  return operations;
}
