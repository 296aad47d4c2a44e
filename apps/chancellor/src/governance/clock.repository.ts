// The one clock of governance: the database's, read when it is asked, so that all replicas agree and a wait for a lock counts.
import type { Prisma } from '@labmesh/db';

export async function clockOf(tx: Pick<Prisma.TransactionClient, '$queryRaw'>): Promise<Date> {
  const [row] = await tx.$queryRaw<Array<{ now: Date }>>`SELECT chancellor.governance_clock() AS now`;
  if (row === undefined) throw new Error('chancellor.governance_clock() answered nothing');
  return row.now;
}
