// The door of @labmesh/db: one way to a database, embedded or a server, and the outbox on it.

export { type CarriedDatabase, carriedDatabase, holdContent } from './carry/carried-database.js';
export { type AppliedMigration, type DumpPart, dumpOf } from './carry/dump.js';
export { dumpLines, partsOf } from './carry/dump-lines.js';
export type { SequenceState, TableShape } from './carry/lab-tables.js';
export type { LoadedTable } from './carry/load.js';
export {
  beginRestore,
  checkTarget,
  type DumpOrigin,
  finishRestore,
  type RestoreTarget,
} from './carry/restore-database.js';
export { DATABASE, type Database, migrateDatabase, openDatabase, pendingMigrations } from './database.js';
export { Prisma, PrismaClient } from './generated/prisma/client.js';
export { type EventPayload, enqueueEvent } from './outbox/enqueue-event.js';
export { Outbox, type OutboxLog, type PublishEvent } from './outbox/outbox.js';
export { poolTransaction } from './pool-transaction.js';
export { type MeshRoles, OWNER, roleName, roleStatements } from './roles/role-statements.js';
export { lostConnection } from './server/lost-connection.js';
export { isUniqueViolation } from './unique-violation.js';
