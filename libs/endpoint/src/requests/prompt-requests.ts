// prompts/list, prompts/get and completion/complete: what agents declare, answered by the agents themselves.

import {
  type Completions,
  type NamedTool,
  type PromptAnswer,
  type PromptSpec,
  templateNames,
} from '@labmesh/contracts';
import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { identify } from '../callers/caller.js';
import type { McpServices } from '../endpoint-services.js';
import { ask, askInTurns, noted } from './ask-agent.js';
import { protocolFailure } from './operation-failure.js';
import { refuseCursor } from './resource-requests.js';

const invalid = (message: string): ProtocolError => new ProtocolError(ProtocolErrorCode.InvalidParams, message);

export function servePrompts(server: Server, services: McpServices): void {
  server.setRequestHandler('prompts/list', ({ params }, context) => {
    refuseCursor(params?.cursor);
    const prompts = services.resourcesAndPrompts.promptsFor(identify(context).principal).map(({ name, spec }) => ({
      name,
      title: spec.title,
      description: spec.description,
      arguments: argumentsOf(spec),
    }));
    return { prompts };
  });
  server.setRequestHandler('prompts/get', async ({ params: { name, arguments: args } }, context) => {
    const prompt = services.resourcesAndPrompts.prompt(name);
    if (prompt === undefined) throw invalid(`Unknown prompt: ${name}`);
    return await askInTurns<PromptAnswer>(services, context, {
      operation: prompt.get,
      args: args ?? {},
      failure: protocolFailure,
    });
  });
}

export function serveCompletions(server: Server, services: McpServices): void {
  server.setRequestHandler('completion/complete', async ({ params: { ref, argument } }, context) => {
    const target =
      ref.type === 'ref/prompt' ? promptTarget(services, ref.name) : resourceTarget(services, String(ref.uri));
    if (!target.names.includes(argument.name))
      throw invalid(`Unknown argument: ${argument.name}. There are: ${target.names.join(', ') || 'none'}`);
    try {
      const args = { argument: argument.name, value: argument.value };
      const { values, hasMore } = await ask<z.output<typeof Completions>>(services, context, {
        operation: target.operation,
        args,
      });
      return { completion: { values, hasMore } };
    } catch (error) {
      throw protocolFailure(noted(context, error));
    }
  });
}

interface Target {
  readonly operation: NamedTool;
  readonly names: readonly string[];
}

function promptTarget({ resourcesAndPrompts }: McpServices, name: string): Target {
  const prompt = resourcesAndPrompts.prompt(name);
  if (prompt === undefined) throw invalid(`Unknown prompt: ${name}`);
  return { operation: prompt.complete, names: Object.keys(prompt.spec.arguments.shape) };
}

function resourceTarget({ resourcesAndPrompts }: McpServices, uri: string): Target {
  const resource = resourcesAndPrompts.template(uri);
  if (resource === undefined) throw invalid(`Unknown resource template: ${uri}`);
  return { operation: resource.complete, names: templateNames(uri) };
}

/** Required is what the schema does not do without. */
const argumentsOf = (spec: PromptSpec) =>
  Object.entries(spec.arguments.shape).map(([name, schema]) => ({
    name,
    ...(schema.description === undefined ? {} : { description: schema.description }),
    required: !schema.safeParse(undefined).success,
  }));
