// A client of the lab's Sentinel: what this service's own token may do, and whether another wallet may call a tool (AuthZEN 1.0).
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Config } from '../config.js';
import { Failure } from '../failure.js';
import { CONFIG } from '../tokens.js';
import { Lab } from './lab.js';

const DECISION_MS = 10_000;
const Explained = z.object({ allowed: z.boolean(), reason: z.string() });
const Decision = z.object({ decision: z.boolean(), context: z.object({ reason: z.string() }).partial().optional() });

@Injectable()
export class Sentinel {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly lab: Lab,
  ) {}

  /** Whether this service's own token may call the tool, and why. @throws Failure */
  async mayI(tool: string): Promise<z.output<typeof Explained>> {
    return Explained.parse(await this.lab.call('sentinel_explain_access', { tool }));
  }

  /** Whether a wallet may call the tool. This service's token needs access:evaluate for the question. @throws Failure */
  async may(walletId: string, tool: string): Promise<{ readonly allowed: boolean; readonly reason: string }> {
    const body = {
      subject: { type: 'wallet', id: walletId },
      action: { name: 'call' },
      resource: { type: 'tool', id: tool },
    };
    const answer = await fetch(`${this.config.labUrl}/access/v1/evaluation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.config.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(DECISION_MS),
    }).catch((cause: unknown) => {
      throw new Failure('unavailable', `The lab does not decide: ${String(cause)}`, 'Try again.');
    });
    if (!answer.ok) {
      const hint = 'Give this service a token with access:evaluate, or set DECISIONS=token.';
      throw new Failure('unavailable', `The lab does not decide for this service (HTTP ${answer.status}).`, hint);
    }
    const { decision, context } = Decision.parse(await answer.json());
    return { allowed: decision, reason: context?.reason ?? 'The lab gave no reason.' };
  }
}
