// Puts downloads of blobs on the gateway's HTTP front, where the process has a place for bytes, and nothing else.
import { type AgentContract, BLOBS_PATH } from '@labmesh/contracts';
import { ENDPOINT_HOST, type EndpointHost } from '@labmesh/endpoint';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { BEHIND_GATEWAY } from '../behind-gateway.js';
import { Downloads } from './downloads.js';

@Injectable()
export class BlobsRoutes implements OnModuleInit {
  constructor(
    @Inject(ENDPOINT_HOST) private readonly host: EndpointHost,
    @Inject(BEHIND_GATEWAY) private readonly agents: readonly AgentContract[],
  ) {}

  onModuleInit(): void {
    const { front, blobs } = this.host;
    if (blobs === undefined) return;
    const downloads = new Downloads(this.host, blobs, this.agents);
    front.prefix(BLOBS_PATH, (req, res, path) => downloads.handle(req, res, path));
  }
}
