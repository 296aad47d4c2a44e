// resources/list, resources/templates/list and resources/read: what agents declare, answered by the agents themselves.

import {
  AppError,
  expandUri,
  type ResourceContent,
  type ResourceList,
  type ResourceOperations,
  templateNames,
  toAppError,
} from '@labmesh/contracts';
import {
  isInputRequiredResult,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { identify } from '../callers/caller.js';
import type { McpServices } from '../endpoint-services.js';
import { ask, askInTurns } from './ask-agent.js';
import { compositePage, InvalidCursor, type ListSource } from './composite-list.js';
import { protocolFailure, readFailure } from './operation-failure.js';

/** Resources in one page of a list. */
const PAGE = 100;

interface ListedResource {
  readonly uri: string;
  readonly name: string;
  readonly [key: string]: unknown;
}

export function serveResources(server: Server, services: McpServices): void {
  server.setRequestHandler('resources/templates/list', ({ params }, context) => {
    refuseCursor(params?.cursor);
    const templates = services.resourcesAndPrompts.resourcesFor(identify(context).principal).filter(isTemplate);
    return { resourceTemplates: templates.map((one) => ({ uriTemplate: one.spec.uri, ...faceOf(one) })) };
  });
  server.setRequestHandler('resources/list', async ({ params }, context) => {
    const listable = services.resourcesAndPrompts
      .resourcesFor(identify(context).principal)
      .map((resource) => sourceOf(resource, services, context));
    const { items, nextCursor } = await pageOf(listable, params?.cursor);
    return { resources: [...items], ...(nextCursor === undefined ? {} : { nextCursor }) };
  });
  server.setRequestHandler('resources/read', async ({ params: { uri } }, context) => {
    const found = services.resourcesAndPrompts.match(uri);
    if (found === undefined) throw new ResourceNotFoundError(uri);
    const content = await askInTurns<ResourceContent>(services, context, {
      operation: found.resource.read,
      args: found.params,
      failure: (thrown) => readFailure(uri, thrown),
    });
    return isInputRequiredResult(content) ? content : { contents: [{ uri, ...content }] };
  });
}

const isTemplate = ({ spec }: ResourceOperations): boolean => templateNames(spec.uri).length > 0;

const faceOf = ({ resource, spec }: ResourceOperations) => ({
  name: resource,
  title: spec.title,
  description: spec.description,
  ...(spec.mimeType === undefined ? {} : { mimeType: spec.mimeType }),
});

/** For lists of one page: no cursor was ever given out. */
export function refuseCursor(cursor: string | undefined): void {
  if (cursor !== undefined) throw invalidCursor();
}

const invalidCursor = (): ProtocolError =>
  new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    'Invalid cursor: use the nextCursor of the page before, unchanged, or begin without one',
  );

async function pageOf(sources: ReadonlyArray<ListSource<ListedResource> | undefined>, cursor: string | undefined) {
  try {
    const listed = sources.filter((source) => source !== undefined);
    return await compositePage(listed, PAGE, cursor);
  } catch (error) {
    const ofAgent = error instanceof AppError && error.code === 'invalid_input';
    if (error instanceof InvalidCursor || ofAgent) throw invalidCursor();
    throw protocolFailure(error);
  }
}

/** A resource of one address lists itself, a template the agent; one that does not answer has none, so that it does not take the others' from the caller. */
function sourceOf(
  offered: ResourceOperations,
  services: McpServices,
  context: ServerContext,
): ListSource<ListedResource> | undefined {
  const { list, resource, agent, spec } = offered;
  const key = `${agent}.${resource}`;
  if (spec.listed && !isTemplate(offered)) {
    const items = [{ uri: spec.uri, ...faceOf(offered) }];
    return { key, page: async (cursor) => ({ items: cursor === undefined ? items : [] }) };
  }
  if (list === undefined) return undefined;
  return {
    key,
    async page(cursor, limit) {
      try {
        const args = { limit, ...(cursor === undefined ? {} : { cursor }) };
        const { items, nextCursor } = await ask<ResourceList>(services, context, { operation: list, args });
        return { items: items.map((item) => listedOf(spec, item)), nextCursor };
      } catch (error) {
        const { code } = toAppError(error);
        if (code === 'unavailable' || code === 'deadline_exceeded') return { items: [] };
        throw error;
      }
    },
  };
}

const listedOf = (
  spec: ResourceOperations['spec'],
  { params, ...item }: ResourceList['items'][number],
): ListedResource => ({
  uri: expandUri(spec.uri, params as never),
  ...(spec.mimeType === undefined ? {} : { mimeType: spec.mimeType }),
  ...item,
});
