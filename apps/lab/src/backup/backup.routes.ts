// GET /backup/rows: all rows of this lab at one instant, for `labmesh backup` of an operator on the same machine, as nobody else can
// open the embedded database while the lab runs. Keys and content are not in it: the command takes them from the lab's folder.
import { randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError, type Principal, sentinel, toAppError } from '@labmesh/contracts';
import { type Database, dumpLines, dumpOf, holdContent } from '@labmesh/db';
import { Admission, CallerDoor, ENDPOINT_HOST, type EndpointHost } from '@labmesh/endpoint';
import { decide } from '@labmesh/identity';
import { callIdOf, callRecordOf, durationSince, sendJson } from '@labmesh/runtime';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

const PATH = '/backup/rows';
const AS = { agent: 'endpoint', tool: 'backup' } as const;
/** Whoever may change the lab's keys may have all of it; a credential's toolset must name this tool, too. */
const LIKE = { agent: sentinel.name, tool: 'rotate_keys', spec: sentinel.tools.rotate_keys } as const;
const SPOOL = 'backup-rows-';

@Injectable()
export class BackupRoutes implements OnModuleInit {
  readonly #door: CallerDoor;
  readonly #admission: Admission;
  #busy = false;

  constructor(@Inject(ENDPOINT_HOST) private readonly host: EndpointHost) {
    this.#door = new CallerDoor(host);
    this.#admission = new Admission(host);
  }

  async onModuleInit(): Promise<void> {
    const { database, config, front } = this.host;
    if (database?.kind !== 'embedded') return;
    // Of a lab that was killed meanwhile.
    for (const name of await readdir(config.home))
      if (name.startsWith(SPOOL)) await rm(join(config.home, name), { force: true });
    front.route(PATH, (req, res) => this.#handle(req, res, database));
  }

  async #handle(req: IncomingMessage, res: ServerResponse, database: Database): Promise<void> {
    if (req.method !== 'GET') {
      res.setHeader('allow', 'GET');
      return sendJson(res, 405, { code: 'not_found', message: 'Read the rows of the lab with GET' });
    }
    const caller = await this.#door.identify(req, res);
    if (caller === undefined || res.closed) return;
    const { walletId, credentialId } = caller.principal;
    const started = performance.now();
    const record = (outcome: 'ok' | AppError['code']): void =>
      this.host.recorder.record(
        callRecordOf(
          { callId: callIdOf(res), walletId, credentialId, ...AS },
          { outcome, durationMs: durationSince(started) },
        ),
      );
    try {
      this.#admission.request(caller.principal, AS);
      this.#refuse(caller.principal);
      this.#admission.stream(caller.principal, AS, res);
      await this.#answer(res, database);
      record('ok');
    } catch (error) {
      record(toAppError(error).code);
      throw error;
    }
  }

  /** @throws AppError forbidden, or what holds the wallet up */
  #refuse(principal: Principal): void {
    const blocked = this.host.restrictions.blocked(principal);
    if (blocked !== undefined) throw blocked;
    const { decision, reason } = decide(principal, LIKE, { policy: this.host.policies.current });
    if (!decision) throw new AppError('forbidden', `Cannot give all rows of the lab. ${reason}`);
    if (this.#busy)
      throw new AppError('conflict', 'Cannot begin a backup: another one reads the rows. Try again soon.');
  }

  /** By way of a file: calls wait while the rows are read, and a slow reader must not make them wait. */
  async #answer(res: ServerResponse, database: Database): Promise<void> {
    const { home } = this.host.config;
    const file = join(home, `${SPOOL}${randomUUID()}`);
    this.#busy = true;
    try {
      await holdContent(database.pool);
      await pipeline(Readable.from(dumpLines(dumpOf(database.pool))), createWriteStream(file, { mode: 0o600 }));
      res.writeHead(200, {
        'content-type': 'application/x-ndjson',
        'cache-control': 'no-store',
        'x-labmesh-home': Buffer.from(home).toString('base64url'),
      });
      await pipeline(createReadStream(file), res);
    } finally {
      this.#busy = false;
      await rm(file, { force: true });
    }
  }
}
