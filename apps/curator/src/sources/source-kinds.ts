// How the streams of each kind of source are read: one line for each kind.
import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { CURATOR_CONFIG, type CuratorConfig } from '../config.js';
import { recordedExchange, recordedNow } from '../recorded/recorded-exchange.js';
import { httpPages } from './http-pages.js';
import { filePages, sqlitePages, wholePages } from './local-pages.js';
import { type HttpManifest, isHttp, type Manifest, type Stream } from './manifest.js';
import type { HttpStream } from './manifest-http.js';
import type { FileStream, SqlStream } from './manifest-streams.js';
import { postgresRows } from './postgresql.repository.js';
import type { Asking, Timing } from './source-client.js';
import { SourceKeys } from './source-keys.js';
import { SourceRateRepository } from './source-rate.repository.js';
import type { PageSource } from './stream-pages.js';
import type { Values } from './template.js';

/** Largest reply of a source, bytes, as sent and unpacked. */
const REPLY_BYTES_MAX = 32 * 1024 * 1024;

export interface Asked {
  readonly manifest: Manifest;
  readonly stream: Stream;
  readonly parameters: Values;
}

@Injectable()
export class SourceKinds {
  readonly timing: Timing = {
    now: () => Date.now(),
    pause: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
    random: () => Math.random(),
  };

  constructor(
    @Inject(CURATOR_CONFIG) private readonly config: CuratorConfig,
    @Inject(SourceKeys) private readonly keys: SourceKeys,
    @Inject(SourceRateRepository) private readonly rates: SourceRateRepository,
  ) {}

  /** Whether replies are recorded ones, asked of nobody. */
  get recorded(): boolean {
    return this.config.recorded;
  }

  /** Unix milliseconds: the end of what was recorded, where nothing else is asked. */
  now({ name }: Manifest): number {
    return this.recorded ? recordedNow(name) : this.timing.now();
  }

  async pages({ manifest, stream, parameters }: Asked, within: Within): Promise<PageSource> {
    if (isHttp(manifest))
      return httpPages({ asking: await this.asking(manifest, within), stream: stream as HttpStream, parameters });
    const allowed = this.config.sourceFolders;
    if (manifest.kind === 'file')
      return filePages(manifest, stream as FileStream, { allowed, bytesMax: REPLY_BYTES_MAX });
    if (manifest.kind === 'sqlite')
      return sqlitePages(manifest, stream as SqlStream, { allowed, signal: within.signal });
    const { query, timeout: timeoutMs } = stream as SqlStream;
    const { key: password } = await this.keys.of(manifest);
    const question = { manifest, query, timeoutMs, password, allow: this.config.fetchAllow, signal: within.signal };
    return wholePages(() => postgresRows(question));
  }

  /** What it takes to ask a web API. @throws AppError conflict when its key is missing */
  async asking(manifest: HttpManifest, { deadline, signal }: Within): Promise<Asking> {
    const { key, isDefault } = await this.keys.of(manifest);
    // Who asks nobody need not wait.
    const spans = (this.recorded ? [] : manifest.rateLimit).filter(
      ({ defaultKeyOnly }) => !defaultKeyOnly || isDefault,
    );
    // The narrowest first: what a default key may do is less than what its owner's may.
    const limits = [...spans].sort((one, other) => Number(other.defaultKeyOnly) - Number(one.defaultKeyOnly));
    return {
      manifest,
      key,
      // Who uses the key that everybody may use has a limit of its own.
      rate: this.rates.of(`${manifest.auth?.key ?? manifest.name}${isDefault ? ' (default)' : ''}`, limits),
      allow: this.config.fetchAllow,
      timing: this.timing,
      deadline,
      signal,
      bytesMax: REPLY_BYTES_MAX,
      timeoutMs: this.config.fetchTimeoutMs,
      ...(this.recorded ? { exchange: recordedExchange } : {}),
    };
  }
}

interface Within {
  readonly deadline: number;
  readonly signal: AbortSignal;
}
