// Models of random weights: what the graph computes is what a plain forward pass does, and what cannot be run exactly is refused.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { convert } from './conversion.js';
import { type TinyOptions, writeTinyModel } from './tiny-model.testing.js';

let root: string;
let made = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'labmesh-encoder-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const folder = (options: TinyOptions = {}): Promise<string> => writeTinyModel(join(root, String(++made)), options);

async function without(name: string): Promise<string> {
  const of = await folder();
  await rm(join(of, name));
  return of;
}

async function having(name: string, content: unknown): Promise<string> {
  const of = await folder();
  await writeFile(join(of, name), typeof content === 'string' ? content : JSON.stringify(content));
  return of;
}

describe('a model', () => {
  it.each<TinyOptions>([
    { seed: 1 },
    { seed: 2, pooling: 'cls' },
    { seed: 3, dtype: 'F16' },
    { seed: 4, dtype: 'BF16', layers: 1 },
    { seed: 5, config: { hidden_act: 'relu' } },
    { seed: 6, config: { hidden_act: 'gelu_new' }, hidden: 64 },
  ])('of $seed computes what a plain forward pass does, and nearly that at eight bits', async (options) => {
    const { card, graph, tokenizer } = await convert(await folder(options));
    expect(card.floatDifference).toBeLessThan(1e-5);
    expect(card.int8Cosine).toBeGreaterThan(0.99);
    expect(card).toMatchObject({ dimensions: options.hidden ?? 32, pooling: options.pooling ?? 'mean', tokensMax: 64 });
    expect(graph.byteLength).toBeLessThan(card.parameters * 4);
    expect(tokenizer.vocabulary[tokenizer.begin]).toBe('[CLS]');
  });

  it('is the same model each time, and another by other weights or words', async () => {
    const hash = async (options: TinyOptions): Promise<string> => (await convert(await folder(options))).card.sha256;
    const one = await hash({ seed: 1 });
    expect(await hash({ seed: 1 })).toBe(one);
    expect(await hash({ seed: 2 })).not.toBe(one);
    expect(await hash({ seed: 1, lowerCase: false })).not.toBe(one);
  });

  it('tells of each step', async () => {
    const steps: number[] = [];
    await convert(await folder(), ({ progress }) => steps.push(progress));
    expect(steps).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('that loses too much at eight bits is refused with the figure', async () => {
    const converted = convert(await folder(), undefined, 0.999999);
    await expect(converted).rejects.toThrow(/the least cosine of a sentence is [01]\.\d{4}, and must be 0\.999999/);
  });
});

describe('what is refused', () => {
  it.each<[string, () => Promise<string>, RegExp]>([
    [
      'another architecture',
      () => folder({ config: { model_type: 'roberta' } }),
      /config\.json[\s\S]*model_type[\s\S]*What works: BERT/,
    ],
    ['relative positions', () => folder({ config: { position_embedding_type: 'relative_key' } }), /What works/],
    ['a decoder', () => folder({ config: { is_decoder: true } }), /What works/],
    ['heads that do not divide', () => folder({ config: { num_attention_heads: 5 } }), /no multiple of 5 heads/],
    ['other activations', () => folder({ config: { hidden_act: 'swiglu' } }), /hidden_act/],
    [
      'layers behind the pooling',
      () =>
        having('modules.json', [
          { type: 'a.Transformer', path: '' },
          { type: 'a.Pooling', path: '' },
          { type: 'a.Dense', path: '' },
        ]),
      /modules\.json: Transformer, Pooling, Dense/,
    ],
    ['other poolings', () => having('1_Pooling/config.json', { pooling_mode_max_tokens: true }), /What works/],
    [
      'two poolings',
      () => having('1_Pooling/config.json', { pooling_mode_cls_token: true, pooling_mode_mean_tokens: true }),
      /one of mean and cls/,
    ],
    ['no settings', () => without('config.json'), /it has no config\.json/],
    ['no weights', () => without('model.safetensors'), /it has no model\.safetensors/],
    ['no words', () => without('vocab.txt'), /Cannot take vocab\.txt/],
    ['settings that are no JSON', () => having('config.json', '{'), /config\.json is no JSON/],
    ['weights that are none', () => having('model.safetensors', 'nothing at all'), /Cannot take model\.safetensors/],
    ['more layers than there are', () => folder({ config: { num_hidden_layers: 3 } }), /no tensor encoder\.layer\.2/],
    ['more than can be', () => folder({ config: { hidden_size: 1e9 } }), /hidden_size/],
  ])('%s', async (_, given, why) => {
    await expect(convert(await given())).rejects.toThrow(why);
  });
});
