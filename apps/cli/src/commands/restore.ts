// `labmesh restore`: a lab from a backup, into an empty folder or database.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { LabPlaces, PlaceOptions } from '../backup/lab-places.js';
import type { Restored } from '../backup/restoring.js';
import type { LabKeys } from '../backup/sealed-keys.js';
import type { VerifiedBackup } from '../backup/verifying.js';
import type { Output } from '../output/output.js';
import { addJsonOption, type Session, type Work } from '../session.js';
import { addPlaceOptions, factsOf } from './backup.js';

const HELP = `
Only into a lab that is empty, and stopped: a folder without a lab, or a database with nothing but its schemas and roles (roles.sql of
"npx @labmesh/cli mesh init") or migrations. The whole file is checked first. A lab of the embedded database can come back on
PostgreSQL, and the other way; a backup of an older version is brought forward.

All rows come in one transaction. Killed on the way, the lab refuses to start and says why; the same command again goes on.

Afterwards balances, datasets, jobs, proposals and the audit log are as they were, and client keys are good as before. Access tokens
are good only at the address that they were made for: without the same LABMESH_PUBLIC_URL people sign in again. Stop the old lab for
good before the restored one starts: both would pay, fetch and run the same things.

Examples:
  npx @labmesh/cli restore lab-2026-11-29.labmesh --home /srv/lab --dry-run
  npx @labmesh/cli restore lab-2026-11-29.labmesh --home /srv/lab
  npx @labmesh/cli restore lab.labmesh --mesh mesh --home /var/lib/labmesh --passphrase-file ~/.labmesh-passphrase`;

interface Options extends PlaceOptions {
  readonly withoutKeys?: boolean;
  readonly passphraseFile?: string;
  readonly dryRun?: boolean;
}

export function addRestore(program: Command, session: Session): void {
  const command = program
    .command('restore')
    .description('bring a lab back from a backup, into an empty place')
    .argument('<file>', 'what npx @labmesh/cli backup has written')
    .option('--without-keys', 'do not write the master key: the lab has it already, or gets it from elsewhere')
    .option('--dry-run', 'check the file and the place, and change nothing');
  addJsonOption(addPlaceOptions(command))
    .addHelpText('after', HELP)
    .action((file: string, options: Options) =>
      session.offline(command, (work) => restore(session, work, { path: resolve(work.host.cwd, file), options })),
    );
}

async function restore(
  { config }: Session,
  work: Pick<Work, 'host' | 'output'>,
  { path, options }: { path: string; options: Options },
): Promise<void> {
  const { host, output } = work;
  const { keysOfLab, labPlaces } = await import('../backup/lab-places.js');
  const places = labPlaces(options, { config, cwd: host.cwd, existing: false });
  const { bytesOf, verifiedFile } = await import('../backup/verified-file.js');
  const backup = await verifiedFile(path, work);
  const keys = await keysIn(backup, { host, options, given: config.secrets.backupPassphrase });
  const { restoreBackup } = await import('../backup/restoring.js');
  const bar = await output.transfer(await bytesOf(path), 'restore');
  try {
    const restored = await restoreBackup({
      path,
      backup,
      places,
      keys,
      present: await keysOfLab(places.home, config),
      dryRun: options.dryRun === true,
      signal: host.signal,
      onBytes: bar.at,
    });
    bar.end();
    show(output, { backup, places, restored, dryRun: options.dryRun === true });
  } finally {
    bar.end();
  }
}

async function keysIn(
  backup: VerifiedBackup,
  { host, options, given }: { host: Work['host']; options: Options; given: string | undefined },
): Promise<LabKeys | undefined> {
  if (backup.manifest.keys === 'left out' || options.withoutKeys === true) return undefined;
  const { passphraseFrom } = await import('../backup/passphrase.js');
  return backup.open(await passphraseFrom({ host, file: options.passphraseFile, given, twice: false }));
}

interface Shown {
  readonly backup: VerifiedBackup;
  readonly places: LabPlaces;
  readonly restored: Restored;
  readonly dryRun: boolean;
}

function show(output: Output, { backup, places, restored, dryRun }: Shown): void {
  const { manifest } = backup;
  const where = restored.database === 'embedded' ? places.home : 'the PostgreSQL database';
  output.answer({ restored: !dryRun, home: places.home, into: restored, backup: factsOf(manifest) }, () => {
    output.line(
      dryRun
        ? `Nothing was changed. The lab of ${manifest.takenAt} can come into ${where}.`
        : `The lab of ${manifest.takenAt} is in ${where}.`,
    );
  });
  if (restored.again) output.note('An earlier restore was not finished; this one begins anew.');
  for (const name of restored.forward) output.note(`${dryRun ? 'to apply' : 'applied'}: ${name}`);
  for (const note of notes(manifest.keys, restored, places)) output.note(note);
}

function notes(keys: string, restored: Restored, { home, databaseUrl }: LabPlaces): string[] {
  const own = `${home}/master.key`;
  if (restored.keys === 'not restored')
    return [`The lab needs its master key before it starts: put it into ${own}, or set LABMESH_MASTER_KEY.`];
  if (keys === 'sealed' && databaseUrl !== undefined)
    return [
      `Every Sentinel needs the key in ${own}: its LABMESH_HOME is this folder, or LABMESH_MASTER_KEY has the key.`,
    ];
  return [];
}
