// What the process that makes a model says, and where it leaves what it made. Both ends know it.
import type { ErrorCodeName } from '@labmesh/contracts';
import type { ConversionStep, EncoderCard } from './conversion.js';

export const GRAPH_FILE = 'graph.onnx';
export const TOKENIZER_FILE = 'tokenizer.json';

export interface Heard {
  readonly step?: ConversionStep;
  readonly card?: EncoderCard;
  readonly refused?: { readonly code: ErrorCodeName; readonly message: string };
  /** It ends: `memory`, or a fault. */
  readonly ended?: string;
}
