// How a file is read, by its name and its first bytes. A guess that is wrong is refused by the reader, and can be said instead.
import type { DOCUMENT_KINDS } from '@labmesh/contracts';

export type SourceKind = (typeof DOCUMENT_KINDS)[number];

const EXTENSIONS: Readonly<Record<string, SourceKind>> = Object.fromEntries(
  (
    [
      ['markdown', 'md markdown mdx'],
      ['html', 'html htm xhtml'],
      ['pdf', 'pdf'],
      ['notebook', 'ipynb'],
      ['code', 'ts mts cts tsx js mjs cjs jsx py pyi go rs java'],
      ['log', 'log'],
      ['text', 'txt text rst adoc org tex toml ini cfg conf json yaml yml'],
    ] as const
  ).flatMap(([kind, extensions]) => extensions.split(' ').map((extension) => [extension, kind])),
);
/** As much as says what it is. */
const HEAD_BYTES = 4_096;

const extensionOf = (path: string): string => /\.([a-z0-9]+)(?:\.\d+)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';

/** Whether the name is one of files that are read at all. */
export const isReadable = (path: string): boolean => EXTENSIONS[extensionOf(path)] !== undefined;

export function kindOf(path: string, bytes: Uint8Array): SourceKind {
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  const kind = EXTENSIONS[extensionOf(path)];
  if (
    kind === 'text' &&
    /\.(json|ya?ml)$/i.test(path) &&
    /^[\s{]*["']?(openapi|swagger)["']?\s*:\s*["']?[23]\./m.test(head)
  )
    return 'openapi';
  if (kind === undefined && /^\s*<(!doctype html|html)[\s>]/i.test(head)) return 'html';
  return kind ?? 'text';
}
