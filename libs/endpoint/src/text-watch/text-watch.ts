// Scores the text of each call at the endpoint where it comes in. Arguments never leave this process and are kept nowhere: what
// leaves is a score and the names of features. Nobody waits for it.
import { hash } from 'node:crypto';
import { type CallText, callTexts, type Score } from '@labmesh/anomaly';
import type { Principal, TextFields } from '@labmesh/contracts';
import { boundedCache, newId, type ProcessScoring } from '@labmesh/runtime';
import type { TextAlarms } from './text-alarms.js';

/** Texts that wait for the model to be opened; those that wait for the thread have a bound of their own. */
const OPENING_MAX = 512;
/** Texts known to be ordinary, by their hash: programs send the same again and again. */
const ORDINARY_MAX = 10_000;

export interface SeenCall {
  readonly callId: string;
  readonly principal: Principal;
  readonly agent: string;
  readonly tool: string;
  /** What the tool's text fields hold. */
  readonly fields: TextFields;
}

export interface TextWatchServices {
  readonly scoring: Pick<ProcessScoring, 'model' | 'failed' | 'counts'>;
  readonly alarms: Pick<TextAlarms, 'tell'>;
}

export class TextWatch {
  readonly #ordinary = boundedCache<true>(ORDINARY_MAX);
  #opening = 0;

  constructor(private readonly services: TextWatchServices) {}

  /** Takes the call's text and returns at once. Never throws. */
  see(call: SeenCall, args: unknown): void {
    const texts = callTexts(args, call.fields);
    if (texts.length === 0) return;
    const key = hash('sha256', texts.map(({ field, text }) => `${field} ${text.length} ${text}`).join(''), 'base64url');
    const { counts } = this.services.scoring;
    if (this.#ordinary.get(key) === true) counts.scored += 1;
    else if (this.#opening >= OPENING_MAX) counts.dropped += 1;
    else void this.#score(call, { texts, key, at: new Date() });
  }

  async #score(call: SeenCall, seen: { texts: readonly CallText[]; key: string; at: Date }): Promise<void> {
    const { scoring } = this.services;
    this.#opening += 1;
    const scorer = await scoring.model('content');
    this.#opening -= 1;
    let score: Score | undefined;
    try {
      const rows = seen.texts.map(({ field, text }) => ({ text, categories: [field] }));
      score = worst(await Promise.all(rows.map((row) => scorer?.score(row))));
    } catch (error) {
      scoring.failed(error);
    }
    if (score === undefined) {
      scoring.counts.dropped += 1;
      return;
    }
    scoring.counts.scored += 1;
    if (score.alarm) this.#tell(call, score, seen.at);
    else this.#ordinary.set(seen.key, true);
  }

  /** The score's `span` is a part of the text: it stays here. */
  #tell({ callId, principal, agent, tool }: SeenCall, { value, threshold, reasons }: Score, at: Date): void {
    this.services.alarms.tell({
      id: newId(),
      callId,
      at: at.toISOString(),
      walletId: principal.walletId || null,
      credentialId: principal.credentialId || null,
      agent,
      tool,
      score: value,
      threshold,
      reasons: reasons.map(({ feature, share }) => ({ feature, share })),
    });
  }
}

/** A call is as unusual as the most unusual of its texts; undefined when one of them could not be scored. */
function worst(scores: readonly (Score | undefined)[]): Score | undefined {
  const all = scores.filter((score) => score !== undefined);
  return all.length < scores.length ? undefined : all.toSorted((a, b) => b.value - a.value)[0];
}
