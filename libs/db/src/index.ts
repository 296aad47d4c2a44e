// The door of @labmesh/db: one way to a database, embedded or a server, and the outbox on it.

export { DATABASE, type Database, migrateDatabase, openDatabase } from './database.js';
export { Prisma, PrismaClient } from './generated/prisma/client.js';
export { type EventPayload, enqueueEvent } from './outbox/enqueue-event.js';
export { Outbox, type OutboxLog, type PublishEvent } from './outbox/outbox.js';
export { type MeshRoles, OWNER, roleName, roleStatements } from './roles/role-statements.js';
export { lostConnection } from './server/lost-connection.js';
export { isUniqueViolation } from './unique-violation.js';
