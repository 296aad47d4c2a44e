// `labmesh mesh init`: one identity for each process of a mesh, with the rights that its contract asks for.
import type { Command } from 'commander';
import type { MadeMesh } from '../mesh/init-mesh.js';
import type { Output } from '../output/output.js';
import { addJsonOption, type Session } from '../session.js';

const HELP = `
Writes into the folder:
  nats.conf          users of the NATS server and what each may say and hear: nats-server -c nats.conf -js -sd <store>
  roles.sql          PostgreSQL roles, one for each agent: psql -v ON_ERROR_STOP=1 -f roles.sql <the lab's database>, as a superuser
  redis-users.acl    the Redis user of the job queue: redis-server --aclfile redis-users.acl
  <app>.env          settings of each process: addresses, and who it is
  owner.env          for "npx @labmesh/cli migrate", which alone changes the form of the database
  blobs/             files of datasets and uploads, where no other place was given: in your backups
  nkeys/, passwords/ the secrets themselves; one that is there is never written again

Run it again after an upgrade: rights follow the contracts. Then give nats.conf and roles.sql to the servers again.

Examples:
  npx @labmesh/cli mesh init
  npx @labmesh/cli mesh init --dir /etc/labmesh --nats nats://nats:4222 --database postgresql://db/labmesh --redis redis://redis:6379`;

interface Options {
  readonly dir: string;
  readonly nats?: string;
  readonly database?: string;
  readonly redis?: string;
  readonly blobs?: string;
  readonly publicUrl?: string;
  readonly rolePrefix?: string;
  readonly folderAt?: string;
}

export function addMesh(program: Command, session: Session): void {
  const group = program
    .command('mesh')
    .description('credentials of a mesh: one process for each agent')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli mesh init');
  const init = group
    .command('init')
    .description('makes what is missing of a mesh’s credentials, and the configuration of its servers')
    .option('--dir <folder>', 'where to write', 'mesh')
    .option('--nats <address>', 'of the NATS server; else NATS_URL, or this machine')
    .option('--database <address>', 'of the lab’s PostgreSQL database; else DATABASE_URL, or this machine')
    .option('--redis <address>', 'of the Redis server; else REDIS_URL, or this machine')
    .option('--blobs <address>', 'where files are kept: s3://… or file:///…; else BLOBS_URL, or a folder in this one')
    .option('--public-url <address>', 'of the gateway, as clients see it')
    .option('--role-prefix <name>', 'begins the names of the roles, where labs share a PostgreSQL server')
    .option('--folder-at <path>', 'the folder as the processes will see it, where that is not its path here');
  addJsonOption(init)
    .addHelpText('after', HELP)
    .action((options: Options) =>
      session.offline(init, async ({ output }) => {
        const { initMesh } = await import('../mesh/init-mesh.js');
        const { servers } = session.config;
        const made = initMesh(options.dir, {
          natsUrl: options.nats ?? servers.natsUrl,
          databaseUrl: options.database ?? servers.databaseUrl,
          redisUrl: options.redis ?? servers.redisUrl,
          blobsUrl: options.blobs ?? servers.blobsUrl,
          publicUrl: options.publicUrl ?? servers.publicUrl,
          rolePrefix: options.rolePrefix,
          folderAt: options.folderAt,
        });
        output.answer(made, () => show(output, made));
        output.note('Which server takes which file: npx @labmesh/cli mesh init --help');
      }),
    );
}

function show(output: Output, { folder, files }: MadeMesh): void {
  output.line(`${folder}:`);
  output.table(
    ['FILE', ''],
    files.map(({ file, what }) => [file, { text: what, style: what === 'kept' ? 'dim' : 'green' }]),
  );
}
