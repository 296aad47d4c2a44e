// A head is for what is stored when it is signed: however fast records come, signing comes to its end.
import { expect, it } from 'vitest';
import type { AuditTree } from './audit-tree.js';
import { TreeSigning } from './tree-signing.js';

/** A log to which records come while each head is signed; a head adds at most ten. */
function growing(records: number, coming: number) {
  let size = 0;
  const heads: number[] = [];
  const grow: AuditTree['grow'] = async () => {
    const added = Math.min(10, records - size);
    if (added === 0) return undefined;
    size += added;
    records += coming;
    return { size, checkpoint: `${size}`, more: added === 10 };
  };
  const quiet = { error: () => undefined, info: () => undefined };
  const witness = { append: async ({ size: at }: { size: number }) => void heads.push(at) };
  const signing = new TreeSigning({ grow } as AuditTree, {} as never, witness as never, quiet as never, Date.now);
  return { heads, signing };
}

it('signs once for what is stored, though more comes meanwhile', async () => {
  const { heads, signing } = growing(5, 3);
  await signing.signNow();
  expect(heads).toEqual([5]);
  await signing.signNow();
  expect(heads).toEqual([5, 8]);
});

it('signs for all that is stored when it is more than one head adds', async () => {
  const { heads, signing } = growing(25, 0);
  await signing.signNow();
  expect(heads).toEqual([10, 20, 25]);
});
