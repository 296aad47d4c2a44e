// The weights of a BERT encoder under plain names, each of the shape that its settings say.
import type { EncoderSpec } from './encoder-spec.js';
import type { Safetensors } from './safetensors.js';

/** Rows by output, as PyTorch keeps them. */
export interface Dense {
  readonly outputs: number;
  readonly inputs: number;
  readonly weight: Float32Array;
  readonly bias: Float32Array;
}

export interface Norm {
  readonly gain: Float32Array;
  readonly shift: Float32Array;
}

export interface Layer {
  readonly query: Dense;
  readonly key: Dense;
  readonly value: Dense;
  readonly attended: Dense;
  readonly attendedNorm: Norm;
  readonly widened: Dense;
  readonly narrowed: Dense;
  readonly narrowedNorm: Norm;
}

export interface Weights {
  readonly words: Float32Array;
  readonly positions: Float32Array;
  /** Of the first type: a text alone has no other. */
  readonly type: Float32Array;
  readonly embeddedNorm: Norm;
  readonly layers: readonly Layer[];
}

/** @throws AppError invalid_input for tensors that are not there, or of another shape or type */
export function weightsOf(file: Safetensors, spec: EncoderSpec): Weights {
  const { hidden, intermediate } = spec;
  // Saved from a model with a head, the encoder is one of its parts.
  const prefix = file.has('bert.embeddings.word_embeddings.weight') ? 'bert.' : '';
  const take = (name: string, ...shape: number[]): Float32Array => file.take(`${prefix}${name}`, shape).values;
  const dense = (name: string, outputs: number, inputs: number): Dense => ({
    outputs,
    inputs,
    weight: take(`${name}.weight`, outputs, inputs),
    bias: take(`${name}.bias`, outputs),
  });
  const norm = (name: string): Norm => ({ gain: take(`${name}.weight`, hidden), shift: take(`${name}.bias`, hidden) });
  return {
    words: take('embeddings.word_embeddings.weight', spec.vocabulary, hidden),
    positions: take('embeddings.position_embeddings.weight', spec.positions, hidden),
    type: take('embeddings.token_type_embeddings.weight', spec.types, hidden).subarray(0, hidden),
    embeddedNorm: norm('embeddings.LayerNorm'),
    layers: Array.from({ length: spec.layers }, (_, at): Layer => {
      const of = `encoder.layer.${at}`;
      return {
        query: dense(`${of}.attention.self.query`, hidden, hidden),
        key: dense(`${of}.attention.self.key`, hidden, hidden),
        value: dense(`${of}.attention.self.value`, hidden, hidden),
        attended: dense(`${of}.attention.output.dense`, hidden, hidden),
        attendedNorm: norm(`${of}.attention.output.LayerNorm`),
        widened: dense(`${of}.intermediate.dense`, intermediate, hidden),
        narrowed: dense(`${of}.output.dense`, hidden, intermediate),
        narrowedNorm: norm(`${of}.output.LayerNorm`),
      };
    }),
  };
}
