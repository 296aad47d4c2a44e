// What a model says of a row: how unusual, against which threshold, and why. Reasons name features, and the text's oddest part.
import type { ModelCard } from './card.js';
import type { Encoded } from './encoding.js';
import type { Outputs } from './scoring-thread.js';

export interface Reason {
  /** A feature's name, as the card lists them. */
  readonly feature: string;
  /** Its part of the squared distance to the nearest normal row, 0 to 1. */
  readonly share: number;
}

export interface Score {
  readonly value: number;
  readonly threshold: number;
  readonly alarm: boolean;
  /** The features that made it so, the largest first. Only for scores above half the threshold: the rest need no reason. */
  readonly reasons: readonly Reason[];
  /** The most surprising part of the text, likewise. */
  readonly span?: string | undefined;
}

const REASONS_MAX = 4;
const REASON_SHARE_MIN = 0.03;
const SPAN_BYTES = 24;

/** One score per row; a row is as unusual as its most unusual window. */
export function verdicts(card: ModelCard, encoded: Encoded, outputs: Outputs): Score[] {
  const { score, shares, surprise } = outputs;
  return encoded.starts.slice(0, -1).map((first, at) => {
    let worst = first;
    for (let window = first + 1; window < (encoded.starts[at + 1] ?? 0); window++)
      if ((score[window] ?? 0) > (score[worst] ?? 0)) worst = window;
    const value = score[worst] ?? 0;
    const scored = { value, threshold: card.threshold, alarm: value > card.threshold };
    if (value < card.threshold / 2) return { ...scored, reasons: [] };
    const features = card.features.length;
    const reasons = reasonsOf(card.features, shares.subarray(worst * features, (worst + 1) * features));
    const text = encoded.windows[worst];
    if (surprise === undefined || text === undefined) return { ...scored, reasons };
    return { ...scored, reasons, span: spanOf(text, surprise.subarray(worst * encoded.width)) };
  });
}

function reasonsOf(names: readonly string[], shares: Float32Array): Reason[] {
  const total = shares.reduce((sum, share) => sum + share, 0);
  return names
    .map((feature, at) => ({ feature, share: (shares[at] ?? 0) / (total || 1) }))
    .filter(({ share }) => share >= REASON_SHARE_MIN)
    .sort((a, b) => b.share - a.share)
    .slice(0, REASONS_MAX);
}

/** The bytes that together surprised most. A character that is cut at an edge reads as U+FFFD. */
function spanOf(text: Uint8Array, surprise: Float32Array): string {
  let sum = 0;
  let most = -1;
  let end = 0;
  for (let at = 0; at < text.length; at++) {
    sum += (surprise[at] ?? 0) - (at >= SPAN_BYTES ? (surprise[at - SPAN_BYTES] ?? 0) : 0);
    if (sum > most) {
      most = sum;
      end = at + 1;
    }
  }
  return Buffer.from(text.subarray(Math.max(0, end - SPAN_BYTES), end)).toString('utf8');
}
