// Projects as .tar.gz: the same files are the same bytes, whoever packs them and when. Reading believes nothing of an archive: what is
// no plain file or folder is refused, and it stops at the limits of a project, not after them.
import { createGunzip, gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { AppError } from '@labmesh/contracts';
import { extract, type Header, pack } from 'tar-stream';
import { byPath, checkedFiles, type ProjectFile, tooMany } from './project-file.js';
import { PROJECT_LIMITS } from './project-limits.js';

/** Of the gzip header: which system packed it. 255 says nothing. */
const GZIP_SYSTEM_AT = 9;
const MODES = { plain: 0o644, executable: 0o755 } as const;
/** Compressed bytes that are looked at before an archive is called too large. */
export const ARCHIVE_BYTES_MAX = PROJECT_LIMITS.bytes + 4 * 1024 * 1024;

/** @throws AppError as `checkedFiles` */
export async function packArchive(files: readonly ProjectFile[]): Promise<Buffer> {
  const tar = pack();
  const pieces: Buffer[] = [];
  const gathered = (async () => {
    for await (const piece of tar) pieces.push(piece as Buffer);
  })();
  for (const { path, bytes, executable } of byPath(checkedFiles(files))) {
    const mode = executable ? MODES.executable : MODES.plain;
    tar.entry(
      { name: path, mode, mtime: new Date(0), uid: 0, gid: 0, uname: '', gname: '', type: 'file' },
      Buffer.from(bytes),
    );
  }
  tar.finalize();
  await gathered;
  const zipped = gzipSync(Buffer.concat(pieces), { level: 9 });
  zipped[GZIP_SYSTEM_AT] = 255;
  return zipped;
}

/**
 * The files of a .tar.gz, by path. One folder around all of them, as other tools pack, is taken off where `unwrap` says so.
 * @throws AppError invalid_input for what is no such archive, or holds links, devices or wrong paths; too_large
 */
export async function unpackArchive(
  source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { unwrap = false }: { readonly unwrap?: boolean } = {},
): Promise<ProjectFile[]> {
  const entries = extract();
  const gunzip = createGunzip();
  const feeding = Readable.from(bounded(source));
  const fail = (error: Error): void => {
    feeding.destroy();
    gunzip.destroy();
    entries.destroy(error);
  };
  feeding.on('error', fail);
  gunzip.on('error', fail);
  feeding.pipe(gunzip).pipe(entries as unknown as NodeJS.WritableStream);
  try {
    const files = await readEntries(entries as unknown as AsyncIterable<Entry>);
    return byPath(checkedFiles(unwrap ? unwrapped(files) : files));
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError(
      'invalid_input',
      'Cannot read the archive: it is no whole .tar.gz. Pack it anew: tar -czf project.tar.gz -C FOLDER .',
      {
        cause: error,
      },
    );
  } finally {
    feeding.destroy();
    gunzip.destroy();
  }
}

interface Entry extends AsyncIterable<Buffer> {
  readonly header: Header;
  resume(): void;
}

async function readEntries(entries: AsyncIterable<Entry>): Promise<ProjectFile[]> {
  const files: ProjectFile[] = [];
  let total = 0;
  let seen = 0;
  for await (const entry of entries) {
    const { name, type, mode = 0, size = 0 } = entry.header;
    seen += 1;
    // Folders are entries too: an archive of nothing but them must end as well.
    if (seen > PROJECT_LIMITS.files * 2) throw tooMany(`more than ${PROJECT_LIMITS.files} files`);
    if (type === 'directory') {
      entry.resume();
      continue;
    }
    if (type !== 'file' && type !== 'contiguous-file') throw notPlain(name, String(type));
    total += size;
    if (size > PROJECT_LIMITS.fileBytes || total > PROJECT_LIMITS.bytes || files.length >= PROJECT_LIMITS.files)
      throw tooMany(
        `more than ${PROJECT_LIMITS.files} files or ${PROJECT_LIMITS.bytes} bytes, or a file of more than ${PROJECT_LIMITS.fileBytes}`,
      );
    const pieces: Buffer[] = [];
    for await (const piece of entry) pieces.push(piece);
    files.push({ path: name.replace(/^(\.\/)+/, ''), bytes: Buffer.concat(pieces), executable: (mode & 0o100) !== 0 });
  }
  return files;
}

async function* bounded(source: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const piece of source) {
    bytes += piece.byteLength;
    if (bytes > ARCHIVE_BYTES_MAX) throw tooMany(`more than ${ARCHIVE_BYTES_MAX} bytes in the archive`);
    yield piece;
  }
}

function unwrapped(files: readonly ProjectFile[]): ProjectFile[] {
  const folder = files[0]?.path.split('/')[0];
  if (folder === undefined || !files.every(({ path }) => path.startsWith(`${folder}/`))) return [...files];
  return files.map((file) => ({ ...file, path: file.path.slice(folder.length + 1) }));
}

const notPlain = (name: string, type: string): AppError =>
  new AppError(
    'invalid_input',
    `Cannot read the archive: ${JSON.stringify(name.slice(0, 80))} is a ${type}. Projects hold plain files and folders alone.`,
  );
