// The second witness: every signed head in a file that the operator can ship elsewhere, out of reach of whoever has the
// database. Appended to, never rewritten.
import { createReadStream } from 'node:fs';
import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { SENTINEL_CONFIG, type SentinelConfig } from '../config.js';
import type { SignedHead } from './audit-tree.repository.js';

@Injectable()
export class WitnessFile {
  readonly path: string;

  constructor(@Inject(SENTINEL_CONFIG) config: SentinelConfig, @Inject(LAB_CONFIG) { home }: Pick<LabConfig, 'home'>) {
    this.path = config.witnessFile ?? join(home, 'audit-heads.jsonl');
  }

  async append({ size, checkpoint }: SignedHead, at: Date): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await appendFile(this.path, `${JSON.stringify({ at: at.toISOString(), size, checkpoint })}\n`);
  }

  /** What is in the file, line by line; lines that are no heads come as undefined. Nothing when there is no file. */
  async *heads(): AsyncGenerator<SignedHead | undefined> {
    const lines = createInterface({ input: createReadStream(this.path), crlfDelay: Number.POSITIVE_INFINITY });
    try {
      for await (const line of lines) if (line !== '') yield headIn(line);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function headIn(line: string): SignedHead | undefined {
  try {
    const { size, checkpoint } = JSON.parse(line) as { size?: unknown; checkpoint?: unknown };
    return typeof size === 'number' && typeof checkpoint === 'string' ? { size, checkpoint } : undefined;
  } catch {
    return undefined;
  }
}
