// Texts as BERT splits them; the expected pieces are those that its own tokenizer gives.
import { describe, expect, it } from 'vitest';
import { encoderSpecOf } from './encoder-spec.js';
import { type TinyOptions, tinyModel, tinyVocabulary } from './tiny-model.testing.js';
import { WordPiece, wordPieceModelOf } from './word-piece.js';

const words = ['pump', '##ing', '##s', 'start', 'cafe', 'café', 'Pump', 'constructor', '##proto', 'is'];
const vocabulary = tinyVocabulary(words);
const text = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? []).toString('utf8');

function pieces(options: TinyOptions = {}, max?: number) {
  const files = tinyModel({ words, ...options });
  const spec = encoderSpecOf({
    'config.json': text(files['config.json']),
    'tokenizer_config.json': text(files['tokenizer_config.json']),
  });
  const model = wordPieceModelOf({ ...spec, tokensMax: max ?? spec.tokensMax }, text(files['vocab.txt']));
  const tokenizer = new WordPiece(model);
  return (given: string): string =>
    tokenizer
      .ids(given)
      .map((id) => vocabulary[id])
      .join(' ');
}

describe('a text becomes pieces', () => {
  it.each([
    ['Pumping pumps', '[CLS] pump ##ing pump ##s [SEP]'],
    ['Café CAFE', '[CLS] cafe cafe [SEP]'],
    ['start,pump?', '[CLS] start , pump ? [SEP]'],
    ['東京start', '[CLS] 東 京 start [SEP]'],
    ['pump\u00a0\t\nstart\u0000\ufffd', '[CLS] pump start [SEP]'],
    ['pump\u200b', '[CLS] pump [SEP]'],
    ['Ωmega', '[CLS] [UNK] [SEP]'],
    ['x1', '[CLS] x ##1 [SEP]'],
    [`${'a'.repeat(101)} pump`, '[CLS] [UNK] pump [SEP]'],
    ['constructor is', '[CLS] constructor is [SEP]'],
    ['', '[CLS] [SEP]'],
  ])('%j', (given, expected) => {
    expect(pieces()(given)).toBe(expected);
  });

  it('keeps letters as they are where the model does', () => {
    expect(pieces({ lowerCase: false })('Pump café')).toBe('[CLS] Pump café [SEP]');
  });

  it('has no marks of the encoder in it, whatever stands there', () => {
    expect(pieces()('[SEP] pump')).toBe('[CLS] [UNK] s ##e ##p [UNK] pump [SEP]');
  });

  it('is cut at the most that the encoder takes, and ends as all do', () => {
    expect(pieces({}, 8)('pump '.repeat(50))).toBe(`[CLS] ${'pump '.repeat(6)}[SEP]`);
    expect(pieces({}, 8)('pump '.repeat(1_000_000))).toBe(`[CLS] ${'pump '.repeat(6)}[SEP]`);
  });

  it('a vocabulary that does not fit is refused', () => {
    const spec = encoderSpecOf({ 'config.json': text(tinyModel()['config.json']) });
    expect(() => wordPieceModelOf(spec, 'a\nb\n')).toThrow('it has no [UNK]');
    expect(() => wordPieceModelOf(spec, 'a\n'.repeat(5_000))).toThrow('it has 5000 tokens');
  });
});
