// Bytes that came as text or base64, saved as a file by the browser.
import type { Dataset, Page } from '../dataset.js';

type Bytes = Uint8Array<ArrayBuffer>;

export function bytesOf(content: Page['content']): Bytes {
  if (content === undefined) return new Uint8Array();
  if (content.encoding === 'utf8') return new TextEncoder().encode(content.data);
  return Uint8Array.from(atob(content.data), (char) => char.charCodeAt(0));
}

/** Hex; undefined on plain http from another machine, where browsers offer no hashes. */
export async function sha256Of(bytes: Bytes): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** `DONKI solar flares 2016-2018` as JSON -> `donki-solar-flares-2016-2018.json`. */
export function fileName({ name, datasetId }: Pick<Dataset, 'name' | 'datasetId'>, ending: string): string {
  const stem = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 80);
  return `${stem || datasetId}.${ending}`;
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
