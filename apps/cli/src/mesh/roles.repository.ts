// The database's side of a mesh: its roles as SQL, and its migrations, applied as the owner.
export { migrateDatabase, OWNER, pendingMigrations, roleName, roleStatements } from '@labmesh/db';
