// Following resources, in both eras: who may read an address may hear that it changed. Asked when it is followed, by reading it,
// and again by the reader's rights when there is something to tell.

import { AsyncLocalStorage } from 'node:async_hooks';
import { AppError, type Principal, toAppError } from '@labmesh/contracts';
import {
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  type Server,
  type ServerContext,
  type ServerEvent,
  type ServerEventBus,
} from '@modelcontextprotocol/server';
import { type Caller, identify } from '../callers/caller.js';
import type { ResourcesAndPrompts } from '../catalogue/resources-and-prompts.js';
import type { McpServices } from '../endpoint-services.js';
import { type OwnSession, SUBSCRIPTIONS_MAX } from '../sessions/session-record.js';
import { isObject } from '../wire/json-rpc.js';
import { readFailure } from './operation-failure.js';

export function serveSubscriptions(server: Server, services: McpServices): void {
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, context) => {
    const caller = identify(context);
    const session = sessionOf(caller);
    await assertReadable(services, { caller, uri, signal: context.mcpReq.signal });
    if (session.subscriptions.length >= SUBSCRIPTIONS_MAX && !session.subscriptions.includes(uri)) throw tooMany();
    await session.change((record) => ({
      ...record,
      subscriptions: [...new Set([...record.subscriptions, uri])].slice(0, SUBSCRIPTIONS_MAX),
    }));
    return {};
  });
  server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }, context) => {
    const session = sessionOf(identify(context));
    if (session.subscriptions.includes(uri))
      await session.change((record) => ({
        ...record,
        subscriptions: record.subscriptions.filter((one) => one !== uri),
      }));
    return {};
  });
}

export function serveLogLevel(server: Server): void {
  server.setRequestHandler('logging/setLevel', async ({ params: { level } }, context: ServerContext) => {
    await sessionOf(identify(context)).change((record) => ({ ...record, logLevel: level }));
    return {};
  });
}

function sessionOf({ session }: Caller): OwnSession {
  if (session === undefined) throw new AppError('invalid_input', 'Cannot be remembered: this request has no session');
  return session;
}

const tooMany = (): ProtocolError =>
  new ProtocolError(
    ProtocolErrorCode.InvalidParams,
    `Cannot follow more than ${SUBSCRIPTIONS_MAX} resources at once: unsubscribe from one first`,
  );

/** @throws ProtocolError as `resources/read` would */
async function assertReadable(
  { resourcesAndPrompts, calls }: McpServices,
  { caller, uri, signal }: { caller: Caller; uri: string; signal: AbortSignal },
): Promise<void> {
  const found = resourcesAndPrompts.match(uri);
  if (found === undefined) throw new ResourceNotFoundError(uri);
  try {
    await calls.ask({
      caller,
      entry: resourcesAndPrompts.entry(found.resource.read),
      args: found.params,
      signal,
      charged: true,
    });
  } catch (error) {
    // A resource that asks its reader something is there.
    if (toAppError(error).code !== 'input_required') throw readFailure(uri, error);
  }
}

/** By rights alone: whose a resource is does not change, and was asked when it was followed. */
export const mayHear = (resourcesAndPrompts: ResourcesAndPrompts, principal: Principal, uri: string): boolean => {
  const found = resourcesAndPrompts.match(uri);
  return found !== undefined && resourcesAndPrompts.resourcesFor(principal).includes(found.resource);
};

/** The body of a `subscriptions/listen` with those addresses only that its caller may read; other bodies as they are. */
export async function readableOnly(services: McpServices, caller: Caller, body: unknown): Promise<unknown> {
  if (!isObject(body) || !isObject(body.params) || !isObject(body.params.notifications)) return body;
  const { notifications } = body.params;
  const uris: unknown = notifications.resourceSubscriptions;
  if (!Array.isArray(uris) || !uris.every((uri) => typeof uri === 'string')) return body;
  const signal = new AbortController().signal;
  const readable: string[] = [];
  for (const uri of new Set(uris.slice(0, SUBSCRIPTIONS_MAX) as string[]))
    await assertReadable(services, { caller, uri, signal }).then(
      () => readable.push(uri),
      () => {},
    );
  return { ...body, params: { ...body.params, notifications: { ...notifications, resourceSubscriptions: readable } } };
}

/** Open `subscriptions/listen` streams. Each hears only what its caller may. */
export class ListenStreams implements ServerEventBus {
  readonly #listeners = new Map<(event: ServerEvent) => void, Caller | undefined>();
  readonly #opening = new AsyncLocalStorage<Caller>();

  /** Streams that `open` opens are this caller's. */
  within<T>(caller: Caller, open: () => T): T {
    return this.#opening.run(caller, open);
  }

  publish(event: ServerEvent): void {
    this.tell(event, () => true);
  }

  tell(event: ServerEvent, to: (listener: Caller) => boolean): void {
    for (const [listener, caller] of this.#listeners) if (caller !== undefined && to(caller)) listener(event);
  }

  subscribe(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.set(listener, this.#opening.getStore());
    return () => void this.#listeners.delete(listener);
  }
}
