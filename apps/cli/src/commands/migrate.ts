// `labmesh migrate`: brings the lab's database up to date, as the one role that may.
import { AppError } from '@labmesh/contracts';
import type { Command } from 'commander';
import { addJsonOption, type Session } from '../session.js';

const HELP = `
Processes whose role may change the database do this by themselves at their start. In a mesh with one role for each agent
nobody but the owner may: run it before the processes start, or together with them; they wait for a minute.
--dry-run only looks: the names of what is missing, and an error for what could not be applied.

The address holds a password: DATABASE_URL keeps it out of the process list.

Examples:
  DATABASE_URL=postgresql://labmesh_owner:…@db/labmesh npx @labmesh/cli migrate
  (set -a; . mesh/owner.env; npx @labmesh/cli migrate)
  (set -a; . mesh/owner.env; npx @labmesh/cli migrate --dry-run)`;

export function addMigrate(program: Command, session: Session): void {
  const command = program.command('migrate').description('applies missing migrations to the lab’s PostgreSQL database');
  command.option('--database <address>', 'of the database, with the owner’s name and password; else DATABASE_URL');
  command.option('--dry-run', 'say what is missing, and change nothing', false);
  addJsonOption(command)
    .addHelpText('after', HELP)
    .action(({ database = session.config.servers.databaseUrl, dryRun }: { database?: string; dryRun: boolean }) =>
      session.offline(command, async ({ output }) => {
        if (database === undefined)
          throw new AppError('invalid_input', 'Cannot migrate without a database: set DATABASE_URL to its address.');
        const { migrateDatabase, pendingMigrations } = await import('../mesh/roles.repository.js');
        const names = await (dryRun ? pendingMigrations : migrateDatabase)(database);
        output.answer(dryRun ? { missing: names } : { applied: names }, () => {
          for (const name of names) output.line(`${dryRun ? 'missing' : 'applied'} ${name}`);
          if (names.length === 0) output.line('nothing to do: the database is up to date');
        });
      }),
    );
}
