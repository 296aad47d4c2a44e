// GET and HEAD /blobs/<id>: bytes that an agent keeps, for whom that agent lets read them. The agent is asked first, by the way of
// every call; the bytes come from the place they lie in, never over the bus. Holds no more of them than a stream's own buffers.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Blobs, ByteRange } from '@labmesh/blobs';
import { Cancellation } from '@labmesh/bus';
import {
  type AgentContract,
  agentOfBlob,
  AppError,
  BLOBS_PATH,
  BY_ENDPOINT,
  blobOperation,
  gatewayName,
  type NamedTool,
  type OpenedBlob,
  type Principal,
} from '@labmesh/contracts';
import { Admission, CallerDoor, type EndpointHost, type KnownCaller, ToolCalls } from '@labmesh/endpoint';
import { decide } from '@labmesh/identity';
import { callIdOf, sendJson } from '@labmesh/runtime';
import { whileEntitled } from '../held-rights.js';
import { wantedBytes } from './byte-range.js';
import { conditionOf, rangeHolds } from './conditions.js';
import { inertHeaders, keptHeaders } from './inert-headers.js';

interface Found {
  readonly operation: NamedTool;
  readonly blobId: string;
}

export class Downloads {
  readonly #door: CallerDoor;
  readonly #admission: Admission;
  readonly #calls: ToolCalls;
  readonly #operations: ReadonlyMap<string, NamedTool>;

  constructor(
    private readonly host: EndpointHost,
    private readonly blobs: Pick<Blobs, 'of'>,
    agents: readonly AgentContract[],
  ) {
    this.#door = new CallerDoor(host);
    this.#admission = new Admission(host);
    const { policies } = host;
    this.#calls = new ToolCalls(
      { decide: (principal, tool) => decide(principal, tool, { policy: policies.current }) },
      host,
    );
    const operations = agents.flatMap((agent) => blobOperation(agent) ?? []);
    this.#operations = new Map(operations.map((operation) => [operation.agent, operation]));
  }

  async handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      res.setHeader('allow', 'GET, HEAD');
      return sendJson(res, 405, { code: 'not_found', message: 'Read a blob with GET' });
    }
    const caller = await this.#door.identify(req, res);
    if (caller === undefined || res.closed) return;
    const found = this.#find(path.slice(BLOBS_PATH.length));
    const as = found?.operation ?? BY_ENDPOINT.request;
    this.#admission.request(caller.principal, as);
    if (found === undefined)
      throw new AppError('not_found', 'There is no such blob: use the link that a tool gave you');
    if (req.method === 'GET') this.#admission.stream(caller.principal, as, res);
    const opened = await this.#open(found, caller, res);
    if (!res.closed) await this.#answer(req, res, { caller, found, opened });
  }

  #find(blobId: string): Found | undefined {
    const operation = this.#operations.get(agentOfBlob(blobId) ?? '');
    return operation && { operation, blobId };
  }

  /** @throws AppError as the agent says, or what kept the question from it */
  async #open({ operation, blobId }: Found, caller: KnownCaller, res: ServerResponse): Promise<OpenedBlob> {
    const gone = new Cancellation();
    res.once('close', () => gone.abort());
    const entry = { ...operation, name: gatewayName(operation.agent, operation.tool) };
    const answer = await this.#calls.ask({
      caller,
      callId: callIdOf(res),
      entry,
      args: { blobId },
      signal: gone,
      charged: true,
    });
    return answer as OpenedBlob;
  }

  async #answer(
    req: IncomingMessage,
    res: ServerResponse,
    { caller, found, opened }: { caller: KnownCaller; found: Found; opened: OpenedBlob },
  ): Promise<void> {
    const { sha256, bytes } = opened;
    const etag = `"${sha256}"`;
    const condition = conditionOf(req.headers, etag);
    if (condition === 'not_modified') return void res.writeHead(304, keptHeaders(etag)).end();
    if (condition === 'failed')
      return sendJson(res, 412, { code: 'conflict', message: 'The blob is not what If-Match names' });
    const ranged = req.method === 'GET' && rangeHolds(req.headers, etag);
    const wanted = ranged ? wantedBytes(req.headers.range, bytes) : 'whole';
    if (wanted === 'none') {
      const message = `The blob has ${bytes} bytes, and none in this range`;
      return sendJson(res, 416, { code: 'invalid_input', message }, { 'content-range': `bytes */${bytes}` });
    }
    const headers = inertHeaders(opened, etag);
    if (req.method === 'HEAD') return void res.writeHead(200, { ...headers, 'content-length': bytes }).end();
    const range = wanted === 'whole' ? undefined : wanted;
    const source = await this.blobs.of(found.operation.agent).read(sha256, range);
    res.writeHead(range === undefined ? 200 : 206, { ...headers, ...lengthOf(bytes, range) });
    await this.#send(source, res, { caller, found });
  }

  /** Ends with the reader, with their rights, and with what is damaged; each way the client sees that something is missing. */
  async #send(
    source: Readable,
    res: ServerResponse,
    { caller, found }: { caller: KnownCaller; found: Found },
  ): Promise<void> {
    const services = { ...this.host, admission: this.#admission };
    const unwatch = whileEntitled(services, caller, {
      refusal: (principal) => this.#refusal(principal, found.operation),
      end: () => void res.destroy(),
    });
    try {
      await pipeline(source, res);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE')
        this.host.log.error({ callId: callIdOf(res), err: error }, 'a blob could not be sent whole');
      res.destroy();
    } finally {
      unwatch();
    }
  }

  #refusal(principal: Principal, operation: NamedTool): AppError | undefined {
    const { restrictions, policies } = this.host;
    const blocked = restrictions.blocked(principal);
    if (blocked !== undefined) return blocked;
    const { decision, reason } = decide(principal, operation, { policy: policies.current });
    return decision ? undefined : new AppError('forbidden', reason);
  }
}

const lengthOf = (bytes: number, range: ByteRange | undefined): Record<string, string> =>
  range === undefined
    ? { 'content-length': String(bytes) }
    : {
        'content-length': String(range.end - range.start + 1),
        'content-range': `bytes ${range.start}-${range.end}/${bytes}`,
      };
