// /uploads and /uploads/<id>: files that clients bring, by the tus protocol 1.0.0. Who it is, what they may and whose an upload is
// is decided here; the protocol is its library's. A piece is as long as its client likes, for as long as it goes on and its rights
// hold; what came is kept when it ends.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Blobs } from '@labmesh/blobs';
import {
  AppError,
  ERROR_CODES,
  type NamedTool,
  type Principal,
  textFieldsOf,
  UPLOADS,
  UploadId,
  uploadId,
} from '@labmesh/contracts';
import {
  Admission,
  CallerDoor,
  type EndpointHost,
  type KnownCaller,
  uploadLedger,
  uploadLocks,
} from '@labmesh/endpoint';
import { decide } from '@labmesh/identity';
import {
  type CallEnd,
  callIdOf,
  callRecordOf,
  discardBody,
  durationSince,
  letRun,
  newId,
  sendJson,
} from '@labmesh/runtime';
import { Server } from '@tus/server';
import type { Upload } from '@tus/utils';
import { NodeRequest } from 'srvx/node';
import type { GatewayConfig } from '../config.js';
import { whileEntitled } from '../held-rights.js';
import { sendTusAnswer, TUS_VERSION } from './tus-answer.js';
import { openTusPlace, type TusPlace, uploadIn } from './tus-place.js';
import { UploadLedger } from './upload-ledger.js';
import { UploadLocks } from './upload-locks.js';
import { keptOf, saidOf } from './upload-metadata.js';
import { UPLOADS_PATH } from './uploads-path.js';

const OPERATIONS: Readonly<Record<string, NamedTool>> = {
  OPTIONS: UPLOADS.write,
  HEAD: UPLOADS.write,
  POST: UPLOADS.begin,
  PATCH: UPLOADS.write,
  DELETE: UPLOADS.remove,
};

/** Of one request, beside what the library keeps of it. */
interface Exchange {
  readonly req: IncomingMessage;
  readonly res: ServerResponse;
  readonly caller: KnownCaller;
  readonly operation: NamedTool;
  readonly started: number;
  /** Of the address, or the one that is being begun. */
  uploadId: string;
  begun?: Record<string, unknown>;
  finished?: Upload;
  failure?: AppError;
}

export class Uploads {
  readonly #door: CallerDoor;
  readonly #admission: Admission;
  readonly #server: Server;
  readonly #ledger: UploadLedger;
  readonly #exchanges = new WeakMap<object, Exchange>();
  /** The path of the address that clients know the gateway by. */
  readonly #publicPath: string;

  static async open(host: EndpointHost, blobs: Pick<Blobs, 'uploads'>, config: GatewayConfig): Promise<Uploads> {
    return new Uploads(host, await openTusPlace(blobs.uploads.place), config);
  }

  private constructor(
    private readonly host: EndpointHost,
    private readonly place: TusPlace,
    private readonly config: GatewayConfig,
  ) {
    this.#door = new CallerDoor(host);
    this.#admission = new Admission(host);
    this.#publicPath = new URL(host.config.publicUrl).pathname.replace(/\/+$/, '');
    const { bus } = host;
    this.#ledger = new UploadLedger(
      bus.keyValue(uploadLedger),
      async (id) => (await uploadIn(place, id)) !== undefined,
    );
    this.#server = this.#tusServer(new UploadLocks(bus.keyValue(uploadLocks)));
  }

  async handle(req: IncomingMessage, res: ServerResponse, path: string): Promise<void> {
    const started = performance.now();
    res.setHeader('tus-resumable', TUS_VERSION);
    const operation = OPERATIONS[req.method ?? ''];
    const id = path.slice(UPLOADS_PATH.length + 1);
    const allowed = id === '' ? ['OPTIONS', 'POST'] : ['OPTIONS', 'HEAD', 'PATCH', 'DELETE'];
    if (operation === undefined || !allowed.includes(req.method ?? '')) return notAllowed(req, res, allowed);
    const caller = await this.#door.identify(req, res);
    if (caller === undefined || res.closed) return;
    const exchange: Exchange = { req, res, caller, operation, started, uploadId: id };
    try {
      await this.#answer(exchange);
    } catch (error) {
      discardBody(req);
      throw error;
    }
  }

  async #answer(exchange: Exchange): Promise<void> {
    const { req, res, caller, operation } = exchange;
    const { principal } = caller;
    this.#admission.request(principal, operation);
    const refusal = this.#refusal(principal);
    if (refusal !== undefined) throw this.#recordRefused(exchange, refusal);
    const version = req.headers['tus-resumable'];
    if (req.method !== 'OPTIONS' && version !== TUS_VERSION) return otherVersion(res);
    if (exchange.uploadId !== '' && !(await this.#isTheirs(exchange)))
      throw this.#recordRefused(exchange, new AppError('not_found', 'There is no such upload of yours'));
    if (req.method === 'POST' || req.method === 'PATCH') return this.#receive(exchange);
    await this.#pass(exchange);
  }

  /** A body may come, at its pace, while there is a place for it and the right holds. */
  async #receive(exchange: Exchange): Promise<void> {
    const { req, res, caller, operation } = exchange;
    const { walletId } = caller.principal;
    const { place, refusal } = this.host.limits.enter(walletId, operation, true);
    if (refusal !== undefined) throw this.#limited(exchange, refusal);
    const unwatch = whileEntitled({ ...this.host, admission: this.#admission }, caller, {
      refusal: (principal) => this.#refusal(principal),
      end: (why) => cut(req, res, why),
    });
    letRun(req);
    try {
      await this.#pass(exchange);
    } finally {
      unwatch();
      place?.leave();
    }
  }

  /** To the library, and its answer out once the record of what it did is durable. */
  async #pass(exchange: Exchange): Promise<void> {
    const { req, res } = exchange;
    const request = new NodeRequest({ req, res });
    this.#exchanges.set(request, exchange);
    const response = await this.#server.handleWeb(request as unknown as Request);
    if (exchange.failure !== undefined) throw this.#recordRefused(exchange, exchange.failure);
    await this.#record(exchange, response.status);
    if (response.status >= 400) discardBody(req);
    await sendTusAnswer(res, response);
  }

  #tusServer(locks: UploadLocks): Server {
    const { place, config } = this;
    return new Server({
      path: UPLOADS_PATH,
      datastore: place.store,
      maxSize: config.uploadBytesMax,
      lockDrainTimeout: 500,
      locker: (request) => {
        const { req, res } = this.#of(request);
        return locks.lockerFor(place.uploadIdOf, () => cut(req, res, lockLost()));
      },
      namingFunction: (request) => {
        const exchange = this.#of(request);
        exchange.uploadId = uploadId(newId());
        return place.keyOf(exchange.uploadId);
      },
      getFileIdFromRequest: (request) => place.keyOf(this.#of(request).uploadId),
      generateUrl: (request) => `${this.#publicPath}${UPLOADS_PATH}/${this.#of(request).uploadId}`,
      onUploadCreate: (request, upload) => this.#begins(this.#of(request), upload),
      onUploadFinish: async (request, upload) => {
        const exchange = this.#of(request);
        await place.settle(exchange.uploadId);
        exchange.finished = upload;
        return {};
      },
      onResponseError: (request, error) => void this.#failed(this.#of(request), error),
    });
  }

  #of(request: object): Exchange {
    const exchange = this.#exchanges.get(request);
    if (exchange === undefined) throw new Error('a request of the tus library that nobody passed to it');
    return exchange;
  }

  /** Before a byte is taken. @throws AppError, which ends the request */
  async #begins(exchange: Exchange, upload: Upload): Promise<{ metadata: Record<string, string> }> {
    const { caller, operation, res } = exchange;
    const { walletId, role } = caller.principal;
    const said = saidOf(upload.metadata);
    const bytes = upload.size ?? 0;
    exchange.begun = { bytes, ...said };
    const { agent, tool, spec } = operation;
    const call = { callId: callIdOf(res), principal: caller.principal, agent, tool, fields: textFieldsOf(spec.input) };
    this.host.texts.see(call, exchange.begun);
    const limits = { uploads: this.config.uploadsPerWallet, bytes: this.host.config.fileQuotas[role] };
    await this.#ledger.enter(walletId, { uploadId: exchange.uploadId, bytes }, limits);
    return { metadata: keptOf(said, walletId) };
  }

  #failed(exchange: Exchange, error: unknown): undefined {
    if (error instanceof AppError) exchange.failure = error;
    else if ((error as { status_code?: number }).status_code === undefined)
      this.host.log.error({ callId: callIdOf(exchange.res), err: error }, 'an upload failed');
    return undefined;
  }

  async #isTheirs({ uploadId: id, caller }: Exchange): Promise<boolean> {
    if (!UploadId.safeParse(id).success) return false;
    const upload = await uploadIn(this.place, id);
    return upload?.metadata?.walletId === caller.principal.walletId;
  }

  /** Why this principal may not; undefined when they may. */
  #refusal(principal: Principal): AppError | undefined {
    const { restrictions, policies } = this.host;
    const blocked = restrictions.blocked(principal);
    if (blocked !== undefined) return blocked;
    const { decision, reason } = decide(principal, UPLOADS.write, { policy: policies.current });
    return decision ? undefined : new AppError('forbidden', reason);
  }

  async #record(exchange: Exchange, status: number): Promise<void> {
    const { uploadId: id, begun, finished } = exchange;
    if (status >= 400) return;
    if (begun !== undefined)
      await this.#keep(exchange, UPLOADS.begin, { input: begun, output: { uploadId: id }, about: { uploadId: id } });
    if (finished !== undefined) {
      const bytes = finished.size ?? finished.offset;
      const about = { uploadId: id, bytes: String(bytes) };
      await this.#keep(exchange, UPLOADS.finish, { input: { uploadId: id, bytes }, output: {}, about });
    }
    if (exchange.operation === UPLOADS.remove)
      await this.#keep(exchange, UPLOADS.remove, { input: { uploadId: id }, output: {}, about: { uploadId: id } });
  }

  /** @throws AppError unavailable when the record is not stored in time */
  async #keep(
    exchange: Exchange,
    operation: NamedTool,
    end: Pick<CallEnd, 'input' | 'output' | 'about'>,
  ): Promise<void> {
    const durationMs = durationSince(exchange.started);
    await this.host.recorder.recordDurably(
      callRecordOf(this.#call(exchange, operation), { ...end, outcome: 'ok', durationMs }),
    );
  }

  #recordRefused(exchange: Exchange, failure: AppError): AppError {
    const end = { outcome: failure.code, durationMs: durationSince(exchange.started) };
    const about = UploadId.safeParse(exchange.uploadId).success ? { uploadId: exchange.uploadId } : undefined;
    this.host.recorder.record(callRecordOf(this.#call(exchange, exchange.operation), { ...end, about }));
    return failure;
  }

  #limited(exchange: Exchange, refusal: AppError): AppError {
    this.host.refusals.note(this.#call(exchange, exchange.operation), refusal);
    return refusal;
  }

  #call({ caller, res }: Exchange, { agent, tool }: NamedTool) {
    const { walletId, credentialId } = caller.principal;
    return { callId: callIdOf(res), walletId, credentialId, agent, tool };
  }
}

/** Says why, where nothing was said yet, and takes no more. What came is kept by whoever was writing it. */
function cut(req: IncomingMessage, res: ServerResponse, why: AppError): void {
  if (res.headersSent) return void req.destroy();
  res.once('finish', () => req.destroy());
  sendJson(res, ERROR_CODES[why.code].http, why.toShape(), { connection: 'close' });
}

const lockLost = (): AppError =>
  new AppError('unavailable', 'Another request may write to this upload by now: ask with HEAD where to go on');

function notAllowed(req: IncomingMessage, res: ServerResponse, allowed: readonly string[]): void {
  discardBody(req);
  const message = `Uploads are begun with POST ${UPLOADS_PATH}, and go on at the address that this answers (tus 1.0.0)`;
  sendJson(res, 405, { code: 'not_found', message }, { allow: allowed.join(', ') });
}

function otherVersion(res: ServerResponse): void {
  const message = 'Send Tus-Resumable: 1.0.0: uploads are by that version of the tus protocol';
  sendJson(res, 412, { code: 'invalid_input', message }, { 'tus-version': TUS_VERSION });
}
