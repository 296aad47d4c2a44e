// Puts uploads on the gateway's HTTP front, where the process has a place for bytes, and removes those that nobody finished or took.
// The library of their protocol is loaded by the first of them.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Blobs } from '@labmesh/blobs';
import { UPLOADS } from '@labmesh/contracts';
import { ENDPOINT_HOST, type EndpointHost, UPLOAD_KEPT_MS } from '@labmesh/endpoint';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import type { Uploads } from './uploads.js';
import { UPLOADS_PATH } from './uploads-path.js';

const SWEEP_EVERY_MS = 60 * 60_000;

@Injectable()
export class UploadsRoutes implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #opening: Promise<Uploads> | undefined;

  constructor(
    @Inject(ENDPOINT_HOST) private readonly host: EndpointHost,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  onModuleInit(): void {
    const { front, blobs, limits } = this.host;
    if (blobs === undefined) return;
    limits.know(Object.values(UPLOADS));
    const handle = async (req: IncomingMessage, res: ServerResponse, path: string): Promise<void> =>
      (await this.#opened(blobs)).handle(req, res, path);
    front.route(UPLOADS_PATH, handle).prefix(`${UPLOADS_PATH}/`, handle);
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
    void this.sweep();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
  }

  /** Once for all who ask; what failed is tried again by the next. */
  #opened(blobs: Pick<Blobs, 'uploads'>): Promise<Uploads> {
    this.#opening ??= import('./uploads.js')
      .then(({ Uploads }) => Uploads.open(this.host, blobs, this.config))
      .catch((error: unknown) => {
        this.#opening = undefined;
        throw error;
      });
    return this.#opening;
  }

  /** Any replica may, at any time. */
  async sweep(): Promise<void> {
    const { blobs, log } = this.host;
    try {
      const removed = (await blobs?.uploads.sweep(new Date(Date.now() - UPLOAD_KEPT_MS))) ?? 0;
      if (removed > 0) log.info({ removed }, 'uploads were removed that nobody finished or took over within a day');
    } catch (error) {
      log.warn({ err: error }, 'old uploads could not be removed; tried again later');
    }
  }
}
