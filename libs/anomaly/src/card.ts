// The card beside a model: what it reads, its thresholds and its figures. A model without its card cannot be used.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '@labmesh/contracts';
import { z } from 'zod';

const Column = z.object({
  name: z.string(),
  kind: z.enum(['text', 'number', 'category', 'label', 'ignored']),
  normal: z.array(z.string()).default([]),
  /** Of a category: what a row without a value has. Then no other values exist than those that the card knows. */
  default: z.string().optional(),
});

export const ModelCard = z.object({
  format: z.literal(1),
  name: z.string(),
  input: z.object({
    header: z.boolean(),
    columns: z.array(Column),
    vocabularies: z.array(z.array(z.string())),
    windowBytes: z.int().min(16),
    overlapBytes: z.int().min(0),
    firstWindows: z.int().min(1),
    lastWindows: z.int().min(0),
  }),
  features: z.array(z.string()),
  threshold: z.number(),
  thresholds: z.record(z.string(), z.number()),
  figures: z.record(z.string(), z.number()).nullable(),
  trained: z.looseObject({ date: z.string() }),
  model: z.object({ file: z.string(), bytes: z.number(), sha256: z.string() }),
});
export type ModelCard = z.infer<typeof ModelCard>;
export type ModelColumn = z.infer<typeof Column>;

export interface ModelFile {
  readonly card: ModelCard;
  readonly bytes: Uint8Array;
}

/** `content.onnx` -> `content.card.json` */
export const cardPath = (model: string): string => model.replace(/\.onnx$/, '.card.json');

/**
 * Reads a model and its card, given by either's path.
 * @throws AppError not_found, invalid_input
 */
export async function readModelFile(path: string): Promise<ModelFile> {
  const model = path.replace(/\.card\.json$/, '.onnx');
  const card = ModelCard.safeParse(JSON.parse((await contentOf(cardPath(model))).toString('utf8')));
  if (!card.success)
    throw new AppError('invalid_input', `${cardPath(model)} is no model’s card: ${z.prettifyError(card.error)}`);
  const bytes = await contentOf(join(dirname(model), card.data.model.file));
  if (createHash('sha256').update(bytes).digest('hex') !== card.data.model.sha256) {
    throw new AppError('invalid_input', `${model} is not the model of its card: train it again, which writes both`);
  }
  return { card: card.data, bytes };
}

async function contentOf(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new AppError(
      'not_found',
      `Cannot read ${path}: give the .onnx file that training wrote, with its card beside it`,
      {
        cause,
      },
    );
  }
}
