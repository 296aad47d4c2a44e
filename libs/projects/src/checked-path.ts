// Which paths a project's file may have: contained in its folder, and the same file on every system and to every eye. What is not
// on the list of the permitted is refused; nothing is mended, since a mended path is another file.
import { AppError } from '@labmesh/contracts';
import { PROJECT_LIMITS } from './project-limits.js';

const PART_BYTES_MAX = 255;
const NOT_PERMITTED = /[^\p{L}\p{M}\p{N} _.+,@#()=~!&$%[\]{}^;'-]/u;
const DEVICE = /^(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;
/** Git's own folder, and what Windows and macOS take for it. */
const GIT = /^(\.git|git~[0-9]+)$/i;
/** Scripts that share no letters' shapes with Latin and are written together with it. */
const SCRIPTS = ['Latin', 'Greek', 'Cyrillic', 'Armenian', 'Hebrew', 'Arabic', 'Cherokee', 'Georgian', 'Coptic'].map(
  (name) => new RegExp(`\\p{Script=${name}}`, 'u'),
);
/** Letters of other scripts that look as the Latin ones below them (the common part of Unicode's confusables.txt). */
const LOOKS = new Map(
  [...'асԁеһіјӏорԛѕԝхуαεικνορτυχ'].map((letter, at) => [letter, [...'acdehijlopqswxyaeikvoptux'][at] ?? letter]),
);

/** The path itself. @throws AppError invalid_input naming the path and what is wrong with it */
export function checkedPath(path: string): string {
  const why = faultOf(path);
  if (why === undefined) return path;
  throw new AppError('invalid_input', `Cannot use the path ${shown(path)}: ${why}. Rename the file.`);
}

/** Every path alone, and all of them together: no two may be one file somewhere. @throws AppError invalid_input */
export function checkedPaths(paths: readonly string[]): void {
  const seen = new Map<string, string>();
  for (const path of paths) {
    const key = twinKey(checkedPath(path));
    const other = seen.get(key);
    if (other !== undefined) throw twins(path, other);
    seen.set(key, path);
  }
  // What is a file for one path must not be a folder for another.
  for (const path of paths) {
    const parts = twinKey(path).split('/');
    for (let depth = 1; depth < parts.length; depth += 1) {
      const file = seen.get(parts.slice(0, depth).join('/'));
      if (file !== undefined) throw twins(path, file);
    }
  }
}

/** A folder's name that is one part of a path. @throws AppError invalid_input */
export function checkedName(name: string): string {
  if (!name.includes('/')) return checkedPath(name);
  throw new AppError('invalid_input', `Cannot use the name ${shown(name)}: it holds a slash. Rename it.`);
}

function faultOf(path: string): string | undefined {
  if (path === '') return 'it is empty';
  if ([...path].length > PROJECT_LIMITS.pathCharacters)
    return `it has more than ${PROJECT_LIMITS.pathCharacters} characters`;
  if (/\p{Cs}/u.test(path) || path.normalize('NFC') !== path) return 'its letters are not in their composed form (NFC)';
  if (path.normalize('NFKC') !== path) return 'it has letters that look like others';
  for (const part of path.split('/')) {
    const why = faultOfPart(part);
    if (why !== undefined) return why;
  }
  return undefined;
}

function faultOfPart(part: string): string | undefined {
  if (part === '') return 'it is absolute, or a part of it is empty';
  if (part === '.' || part === '..') return 'it leads elsewhere';
  const wrong = NOT_PERMITTED.exec(part)?.[0];
  if (wrong !== undefined) return `it holds the character ${codePoint(wrong)}`;
  if (/^ |[. ]$/.test(part)) return 'a part of it begins with a space, or ends with a dot or space';
  if (DEVICE.test(part)) return `${part} is a device on Windows`;
  if (GIT.test(part)) return 'it is in a folder of git';
  if (Buffer.byteLength(part) > PART_BYTES_MAX) return `a part of it has more than ${PART_BYTES_MAX} bytes`;
  if (SCRIPTS.filter((script) => script.test(part)).length > 1) return 'it mixes alphabets';
  return undefined;
}

/** Equal for paths that some system, or a reader, takes for one. */
const twinKey = (path: string): string =>
  [...path.normalize('NFKC').toLowerCase().toUpperCase().toLowerCase()]
    .map((letter) => LOOKS.get(letter) ?? letter)
    .join('');

const twins = (path: string, other: string): AppError =>
  new AppError(
    'invalid_input',
    `Cannot use both ${shown(other)} and ${shown(path)}: on some systems they are one. Rename one of them.`,
  );

const codePoint = (letter: string): string =>
  `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

/** Short, and with nothing in it that a terminal would act on. */
const shown = (path: string): string =>
  JSON.stringify([...path].slice(0, 60).join('')).replace(/[^\x20-\x7e]/g, codePoint);
