// Prisma's word for a row that a unique index does not let in: of several replicas that write at once, another was first.
const UNIQUE_VIOLATION = 'P2002';

export const isUniqueViolation = (error: unknown): boolean =>
  (error as { code?: unknown } | null)?.code === UNIQUE_VIOLATION;
