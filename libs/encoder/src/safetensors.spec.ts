// Files as they should be, and files that lie about themselves.
import { describe, expect, it } from 'vitest';
import { Safetensors } from './safetensors.js';
import { type NamedTensor, safetensorsOf } from './tiny-model.testing.js';

const floats = (...values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const shorts = (...values: number[]): Uint8Array => new Uint8Array(Uint16Array.from(values).buffer);
const tensor = (name: string, dtype: string, shape: number[], bytes: Uint8Array): NamedTensor => ({
  name,
  dtype,
  shape,
  bytes,
});
const two = [tensor('a', 'F32', [2], floats(1, 2)), tensor('b', 'F32', [2], floats(3, 4))];
type Entries = Record<string, { dtype: string; shape: unknown; data_offsets: unknown }>;

const changed = (change: (header: Entries) => unknown): Uint8Array =>
  safetensorsOf(two, (header) => {
    const copy = structuredClone(header) as Entries;
    return change(copy) ?? copy;
  });

describe('a safetensors file', () => {
  it('gives numbers of 32 and 16 bits as they are', () => {
    const file = new Safetensors(
      safetensorsOf([
        ...two,
        tensor('half', 'F16', [5], shorts(0x3c00, 0xc000, 0x3555, 0x0001, 0x8000)),
        tensor('brain', 'BF16', [2], shorts(0x3fc0, 0xc2f7)),
        tensor('ids', 'I64', [1], new Uint8Array(8)),
      ]),
    );
    expect([...file.take('b', [2]).values]).toEqual([3, 4]);
    const half = [...file.take('half', [5]).values];
    expect(half.slice(0, 2)).toEqual([1, -2]);
    expect(half[2]).toBeCloseTo(1 / 3, 3);
    expect(half.slice(3)).toEqual([2 ** -24, -0]);
    expect([...file.take('brain', [2]).values]).toEqual([1.5, -123.5]);
    expect(file.has('ids')).toBe(true);
  });

  it('may lie at an odd place in memory', () => {
    const bytes = safetensorsOf(two);
    const odd = new Uint8Array(bytes.byteLength + 1);
    odd.set(bytes, 1);
    expect([...new Safetensors(odd.subarray(1)).take('a', [2]).values]).toEqual([1, 2]);
  });

  it.each([
    ['is too short', new Uint8Array(4)],
    ['ends in its header', safetensorsOf(two).subarray(0, 40)],
    ['is cut off', safetensorsOf(two).subarray(0, -1)],
    ['has more than it names', Buffer.concat([safetensorsOf(two), Buffer.alloc(4)])],
    ['has a header without end', Buffer.concat([Buffer.from('ffffffffffffffff', 'hex'), Buffer.alloc(64)])],
    ['has no JSON', Buffer.concat([Buffer.from('0400000000000000', 'hex'), Buffer.from('{a:1')])],
    ['has a list for a header', changed(() => [])],
    ['has tensors over each other', changed((header) => void Object.assign(header.b ?? {}, { data_offsets: [4, 12] }))],
    ['has a gap', changed((header) => void Object.assign(header.a ?? {}, { shape: [1], data_offsets: [0, 4] }))],
    ['has offsets that turn back', changed((header) => void Object.assign(header.a ?? {}, { data_offsets: [8, 0] }))],
    [
      'has offsets beyond its end',
      changed((header) => void Object.assign(header.b ?? {}, { shape: [900], data_offsets: [8, 3608] })),
    ],
    ['has negative lengths', changed((header) => void Object.assign(header.a ?? {}, { shape: [-2] }))],
    [
      'has lengths that overflow',
      changed((header) => void Object.assign(header.a ?? {}, { shape: [2 ** 40, 2 ** 40] })),
    ],
    ['has an unknown type', changed((header) => void Object.assign(header.a ?? {}, { dtype: 'F7' }))],
    ['has a tensor that is a text', changed((header) => ({ ...header, c: 'd' }))],
  ])('that %s is refused', (_, bytes) => {
    expect(() => new Safetensors(bytes)).toThrow(/Cannot take model\.safetensors/);
  });

  it('gives no tensor that is not there, of another shape or type, or of what is no number', () => {
    const file = new Safetensors(
      safetensorsOf([...two, tensor('n', 'F32', [1], floats(Number.NaN)), tensor('i', 'I32', [1], new Uint8Array(4))]),
    );
    expect(() => file.take('c', [2])).toThrow('no tensor c');
    expect(() => file.take('a', [1, 2])).toThrow('a is [2] and must be [1,2]');
    expect(() => file.take('n', [1])).toThrow('no numbers');
    expect(() => file.take('i', [1])).toThrow('must be F32, F16 or BF16');
  });
});
