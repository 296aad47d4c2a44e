// A file that somebody chose: its format, its first rows, and its content as the submit tool takes it.
import { formatOfFile } from '@labmesh/contracts';
import { isBinary } from './file-format.js';
import { type Preview, previewOf } from './preview.js';

/** Bytes that a preview reads. */
const HEAD_BYTES = 64 * 1_024;

export interface ChosenFile {
  readonly file: File;
  readonly format: string | undefined;
  /** The beginning as text; undefined when it is none. */
  readonly head: string | undefined;
}

export async function chosen(file: File): Promise<ChosenFile> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  return { file, format: formatOfFile(file.name, bytes), head: textOf(bytes, bytes.length === file.size) };
}

/** The last character may be cut in the middle. */
function textOf(bytes: Uint8Array, whole: boolean): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: !whole });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

export async function previewFor({ file, head }: ChosenFile, format: string, bytesMax: number): Promise<Preview> {
  if (isBinary(format) || head === undefined) return { text: '' };
  if (format !== 'json') return previewOf(format, head, file.size <= HEAD_BYTES);
  // JSON is one document: all of it, or nothing that a browser should read.
  return file.size > bytesMax ? { text: head.slice(0, 1_200) } : previewOf(format, await file.text(), true);
}

/** As text where it is text, as base64 where it is not, or where a byte order mark would be lost. */
export async function contentOf(file: File, format: string): Promise<{ content: string; encoding: 'utf8' | 'base64' }> {
  if (!isBinary(format)) {
    try {
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return { content: decoder.decode(await file.arrayBuffer()), encoding: 'utf8' };
    } catch {
      // not UTF-8: the lab says where
    }
  }
  return { content: await base64Of(file), encoding: 'base64' };
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^[^,]*,/, ''));
    reader.onerror = () => reject(reader.error ?? new Error('The file cannot be read'));
    reader.readAsDataURL(file);
  });
}
