// `labmesh backup`: a whole lab in one file, and the check of such a file.
import { resolve } from 'node:path';
import { AppError } from '@labmesh/contracts';
import type { Command } from 'commander';
import type { PlaceOptions } from '../backup/lab-places.js';
import type { MadeBackup } from '../backup/making.js';
import type { Manifest } from '../backup/manifest.js';
import type { Output } from '../output/output.js';
import type { TransferProgress } from '../output/progress-bar.js';
import { bytesText, countText } from '../output/units.js';
import { addConnectionOptions, addJsonOption, type Session, type Work } from '../session.js';

const HELP = `
In it: all rows of all agents as they were at one instant, what they name in the place for bytes, the names of migrations,
and the lab's master key under a passphrase; each part with its SHA-256, checked when the file is read.

The lab may run. One with the embedded database is asked for its rows, with the operator's token of its folder, and its calls
wait while they are read; a stopped one is read directly. Of a mesh, give the folder of "npx @labmesh/cli mesh init" (--mesh), or
the address of the database as its owner (DATABASE_URL) and the place for bytes (BLOBS_URL); its calls wait for nothing.

The passphrase comes from --passphrase-file, LABMESH_BACKUP_PASSPHRASE, or is asked for. Without the keys (--without-keys) nothing
that the lab sealed can be opened again: keep master.key elsewhere then.

Examples:
  npx @labmesh/cli backup --out lab-2026-11-29.labmesh
  npx @labmesh/cli backup --out lab.labmesh --passphrase-file ~/.labmesh-passphrase --json
  npx @labmesh/cli backup --out mesh.labmesh --mesh mesh --home /var/lib/labmesh
  npx @labmesh/cli backup verify lab-2026-11-29.labmesh`;

interface Options extends PlaceOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly keys: boolean;
  readonly passphraseFile?: string;
  readonly allowMissing?: boolean;
}

/** Where the parts of a lab are; the same for the way back. */
export const addPlaceOptions = (command: Command): Command =>
  command
    .option('--home <folder>', 'the lab’s data folder; else LABMESH_HOME, or .labmesh')
    .option('--mesh <folder>', 'of npx @labmesh/cli mesh init, for a mesh')
    .option('--database <address>', 'of the PostgreSQL database; else DATABASE_URL, which hides a password')
    .option('--blobs <address>', 'the place for bytes, where it is not in the folder; else BLOBS_URL')
    .option('--passphrase-file <file>', 'holds the passphrase of the keys in one line');

export function addBackup(program: Command, session: Session): void {
  const command = program
    .command('backup')
    .description('write a whole lab into one file')
    .option('-o, --out <file>', 'the file to write')
    .option('--force', 'replace a file that is there')
    .option('--without-keys', 'leave the master key out')
    .option('--allow-missing', 'go on without content that is lost or damaged');
  addConnectionOptions(addPlaceOptions(command))
    .addHelpText('after', HELP)
    .action((options: Options & { withoutKeys?: boolean }) =>
      session.run(command, (work) => make(session, work, { ...options, keys: options.withoutKeys !== true })),
    );
  addVerify(command, session);
}

async function make(session: Session, work: Work, options: Options): Promise<void> {
  const { host, output, lab } = work;
  if (options.out === undefined)
    throw new AppError('invalid_input', 'Say where to write the backup: --out lab.labmesh');
  const path = resolve(host.cwd, options.out);
  const { labPlaces } = await import('../backup/lab-places.js');
  const places = labPlaces(options, { config: session.config, cwd: host.cwd, existing: true });
  const keys = options.keys ? await keysFor(session, work, { options, home: places.home }) : undefined;
  if (keys === undefined)
    output.note('Without its keys: what this lab sealed opens only with its master.key, which is not in the file.');
  const [{ rowSource }, { makeBackup }] = await Promise.all([
    import('../backup/row-sources.js'),
    import('../backup/making.js'),
  ]);
  let bar: TransferProgress | undefined;
  try {
    await using source = await rowSource(places, lab);
    const made = await makeBackup(source, {
      version: session.version,
      path,
      replace: options.force === true,
      places,
      ...(keys === undefined ? {} : { keys }),
      allowMissing: options.allowMissing === true,
      signal: host.signal,
      progress: {
        begin: async (total) => {
          bar = await output.transfer(total, 'backup');
        },
        at: (bytes) => bar?.at(bytes),
      },
    });
    bar?.end();
    showMade(output, path, made);
  } finally {
    bar?.end();
  }
}

async function keysFor(
  { config }: Session,
  { host }: Pick<Work, 'host'>,
  { options, home }: { options: Options; home: string },
) {
  const [{ keysOfLab }, { passphraseFrom }] = await Promise.all([
    import('../backup/lab-places.js'),
    import('../backup/passphrase.js'),
  ]);
  const lab = await keysOfLab(home, config);
  if (lab === undefined)
    throw new AppError(
      'not_found',
      `Cannot find the lab’s master key: there is no master.key in ${home}. Say where the lab keeps it (--home, LABMESH_HOME), set LABMESH_MASTER_KEY as its Sentinel has it, or leave the keys out: --without-keys.`,
    );
  const given = config.secrets.backupPassphrase;
  return { lab, passphrase: await passphraseFrom({ host, file: options.passphraseFile, given, twice: true }) };
}

/** What a file holds, for programs. */
export const factsOf = ({ id, takenAt, labmesh, database, tables, blobs, keys }: Manifest) => ({
  id,
  takenAt,
  labmesh,
  database,
  rows: tables.reduce((sum, { rows }) => sum + rows, 0),
  tables,
  content: { count: blobs.count, bytes: blobs.bytes, missing: blobs.missing },
  keys,
});

const contentText = ({ tables, blobs }: Manifest): string =>
  `${countText(
    tables.reduce((sum, { rows }) => sum + rows, 0),
    'row',
  )} of ${countText(tables.length, 'table')}, ${countText(blobs.count, 'file')} (${bytesText(blobs.bytes)})`;

function showMade(output: Output, path: string, { manifest, bytes }: MadeBackup): void {
  output.answer({ file: path, bytes, ...factsOf(manifest) }, () => {
    output.line(`${path}  (${bytesText(bytes)}): the lab of ${manifest.takenAt}`);
    output.line(`${contentText(manifest)}, keys ${manifest.keys}`);
  });
  for (const { agent, sha256 } of manifest.blobs.missing) output.note(`missing: the content ${sha256} of the ${agent}`);
  output.note(`Check it anywhere: npx @labmesh/cli backup verify ${path}`);
}

const VERIFY_HELP = `
No lab is needed. With the passphrase (--passphrase-file or LABMESH_BACKUP_PASSPHRASE) it is proved, too, that the keys open and
that the manifest is the one that was written; without, that nothing was damaged on the way.

Exit codes: 0 whole, 6 damaged, cut or changed, 2 no backup or another passphrase, 5 there is no such file

Examples:
  npx @labmesh/cli backup verify lab-2026-11-29.labmesh
  npx @labmesh/cli backup verify lab.labmesh --passphrase-file ~/.labmesh-passphrase --json`;

function addVerify(group: Command, session: Session): void {
  const command = group
    .command('verify')
    .description('check a backup, without a lab')
    .argument('<file>', 'what npx @labmesh/cli backup has written')
    .option('--passphrase-file <file>', 'holds the passphrase of the keys in one line');
  addJsonOption(command)
    .addHelpText('after', VERIFY_HELP)
    .action((file: string, { passphraseFile }: { passphraseFile?: string }) =>
      session.offline(command, async ({ output, host }) => {
        const { verifiedFile } = await import('../backup/verified-file.js');
        const backup = await verifiedFile(resolve(host.cwd, file), { host, output });
        const given = session.config.secrets.backupPassphrase;
        const proved = backup.manifest.keys === 'sealed' && (passphraseFile ?? given) !== undefined;
        if (proved) {
          const { passphraseFrom } = await import('../backup/passphrase.js');
          await backup.open(await passphraseFrom({ host, file: passphraseFile, given, twice: false }));
        }
        output.answer({ whole: true, passphrase: proved ? 'right' : 'not tried', ...factsOf(backup.manifest) }, () => {
          output.line(`${output.style('green', 'whole')}: the lab of ${backup.manifest.takenAt}`);
          output.line(`${contentText(backup.manifest)}, keys ${backup.manifest.keys}`);
          if (proved) output.line('The passphrase opens the keys, and the manifest is as it was written.');
        });
      }),
    );
}
