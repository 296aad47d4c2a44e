// Puts uploads on the gateway's HTTP front, where the process has a place for bytes, and removes those that nobody finished or took.
import { ENDPOINT_HOST, type EndpointHost, UPLOAD_KEPT_MS } from '@labmesh/endpoint';
import { Inject, Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { GATEWAY_CONFIG, type GatewayConfig } from '../config.js';
import { Uploads, UPLOADS_PATH } from './uploads.js';

const SWEEP_EVERY_MS = 60 * 60_000;

@Injectable()
export class UploadsRoutes implements OnModuleInit, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(ENDPOINT_HOST) private readonly host: EndpointHost,
    @Inject(GATEWAY_CONFIG) private readonly config: GatewayConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    const { front, blobs } = this.host;
    if (blobs === undefined) return;
    const uploads = await Uploads.open(this.host, blobs, this.config);
    front.route(UPLOADS_PATH, (req, res, path) => uploads.handle(req, res, path));
    front.prefix(`${UPLOADS_PATH}/`, (req, res, path) => uploads.handle(req, res, path));
    this.#timer = setInterval(() => void this.sweep(), SWEEP_EVERY_MS).unref();
    void this.sweep();
  }

  onModuleDestroy(): void {
    clearInterval(this.#timer);
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
