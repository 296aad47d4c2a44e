// The SQL that makes the mesh's roles: an owner who changes the database's form, and one role for each agent, which reads and
// writes its own schema and nothing else. It can be run again at any time, and brings an older database under these roles.
import { AppError } from '@labmesh/contracts';
import { scramVerifier } from './scram.js';

/** Where Prisma keeps its records of migrations; each process looks there whether any is missing. */
export const RECORDS_TABLE = '_prisma_migrations';

export interface MeshRoles {
  /** Begins the names of all roles of this mesh: roles are of a whole server, and several labs may share one. */
  readonly prefix: string;
  readonly agents: readonly string[];
  /** Roles that work in the schema of an agent: by their short names. */
  readonly guests?: Readonly<Record<string, string>>;
  /** By the role's short name: `owner`, each agent, and each guest. */
  readonly passwords: ReadonlyMap<string, string>;
}

/** Short name of the role that runs migrations. */
export const OWNER = 'owner';
export const roleName = (prefix: string, short: string): string => `${prefix}_${short}`;

/** For a superuser, or the database's owner who may also make roles, connected to the lab's own database. @throws AppError invalid_input */
export function roleStatements(roles: MeshRoles): string {
  const owner = roleName(roles.prefix, OWNER);
  const guests = Object.entries(roles.guests ?? {});
  const working = [...roles.agents, ...guests.map(([guest]) => guest)];
  const all = [OWNER, ...working];
  for (const short of all) assertPlain(roleName(roles.prefix, short));
  return `-- The roles of a LabMesh mesh, made by "npx @labmesh/cli mesh init". Run it in the lab's database, then "npx @labmesh/cli migrate" as ${owner}.
BEGIN;
${all.map((short) => makeRole(roleName(roles.prefix, short), roles.passwords.get(short))).join('\n')}

-- Whoever runs this and is no superuser must be a member of the owner to give it anything.
DO $$ BEGIN
  IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN GRANT "${owner}" TO CURRENT_USER; END IF;
END $$;
DO $$ BEGIN
  EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
  EXECUTE format('GRANT CONNECT, CREATE ON DATABASE %I TO "${owner}"', current_database());
${working.map((agent) => `  EXECUTE format('GRANT CONNECT ON DATABASE %I TO "${roleName(roles.prefix, agent)}"', current_database());`).join('\n')}
END $$;

-- Records of migrations: the owner writes them, everybody sees what is missing.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO "${owner}";
${takeOver('public', owner)}
${working.map((agent) => recordsRights(roleName(roles.prefix, agent), owner)).join('\n')}
${roles.agents.map((agent) => ownSchema(agent, roleName(roles.prefix, agent), owner)).join('\n')}
${guests.map(([guest, schema]) => mayWorkIn(schema, roleName(roles.prefix, guest), owner)).join('\n')}
COMMIT;
`;
}

const makeRole = (role: string, password: string | undefined): string => {
  if (password === undefined) throw new AppError('internal', `There is no password for the role ${role}`);
  return `DO $$ BEGIN CREATE ROLE "${role}"; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
ALTER ROLE "${role}" LOGIN PASSWORD '${scramVerifier(password)}';`;
};

const recordsRights = (role: string, owner: string): string => `GRANT USAGE ON SCHEMA public TO "${role}";
ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA public GRANT SELECT ON TABLES TO "${role}";
DO $$ BEGIN
  IF to_regclass('public.${RECORDS_TABLE}') IS NOT NULL THEN GRANT SELECT ON public.${RECORDS_TABLE} TO "${role}"; END IF;
END $$;`;

/** What the owner makes in the schema from now on is the agent's to use at once: no migration has to think of it. */
const ownSchema = (schema: string, role: string, owner: string): string => `
CREATE SCHEMA IF NOT EXISTS "${schema}";
ALTER SCHEMA "${schema}" OWNER TO "${owner}";
REVOKE ALL ON SCHEMA "${schema}" FROM PUBLIC;
${takeOver(schema, owner)}
${mayWorkIn(schema, role, owner)}`;

const mayWorkIn = (
  schema: string,
  role: string,
  owner: string,
): string => `GRANT USAGE ON SCHEMA "${schema}" TO "${role}";
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO "${role}";
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA "${schema}" TO "${role}";
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA "${schema}" TO "${role}";
ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA "${schema}" GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO "${role}";
ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA "${schema}" GRANT USAGE, SELECT ON SEQUENCES TO "${role}";
ALTER DEFAULT PRIVILEGES FOR ROLE "${owner}" IN SCHEMA "${schema}" GRANT EXECUTE ON FUNCTIONS TO "${role}";`;

/** Tables and functions that another role made, of a lab that had no roles before. In public, the records of migrations alone. */
const takeOver = (schema: string, owner: string): string => `DO $$ DECLARE it RECORD; BEGIN
  FOR it IN SELECT c.oid::regclass::text AS name FROM pg_class c
    WHERE c.relnamespace = '${schema}'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND ('${schema}' <> 'public' OR c.relname = '${RECORDS_TABLE}')
  LOOP EXECUTE format('ALTER TABLE %s OWNER TO "${owner}"', it.name); END LOOP;
  FOR it IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = '${schema}'::regnamespace AND '${schema}' <> 'public'
  LOOP EXECUTE format('ALTER ROUTINE %s OWNER TO "${owner}"', it.name); END LOOP;
END $$;`;

/** Names go into the statements as text. */
function assertPlain(role: string): void {
  if (!/^[a-z][a-z0-9_-]{0,62}$/.test(role))
    throw new AppError(
      'invalid_input',
      `Cannot name a role "${role}": small letters, digits and _ alone, 63 of them at most. Give a shorter or plainer prefix.`,
    );
}
