// PDFs for tests, written by hand: a page is lines of text, from above to below.
import { deflateSync } from 'node:zlib';

export interface PdfLine {
  readonly size: number;
  readonly text: string;
}

/** @param zeroes so many bytes of nothing are in the first page’s stream, packed: a bomb */
export function pdfOf(pages: readonly (readonly PdfLine[])[], zeroes = 0): Uint8Array {
  const objects: Buffer[] = [];
  const kids = pages.map((_, at) => `${3 + 2 * at} 0 R`).join(' ');
  const font = 3 + 2 * pages.length;
  objects.push(Buffer.from('<< /Type /Catalog /Pages 2 0 R >>'));
  objects.push(Buffer.from(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`));
  for (const [at, lines] of pages.entries()) {
    objects.push(
      Buffer.from(
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents ${4 + 2 * at} 0 R /Resources << /Font << /F ${font} 0 R >> >> >>`,
      ),
    );
    const packed = packedOf(contentOf(lines), at === 0 ? zeroes : 0);
    objects.push(
      Buffer.concat([
        Buffer.from(
          `<< /Length ${packed.length} /Filter ${zeroes > 0 && at === 0 ? '[/FlateDecode /FlateDecode]' : '/FlateDecode'} >>\nstream\n`,
        ),
        packed,
        Buffer.from('\nendstream'),
      ]),
    );
  }
  objects.push(Buffer.from('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>'));
  return written(objects);
}

function contentOf(lines: readonly PdfLine[]): string {
  let y = 760;
  return lines
    .map(({ size, text }) => {
      y -= size * 1.2;
      return `BT /F ${size} Tf 50 ${y} Td (${text.replace(/[\\()]/g, '\\$&')}) Tj ET`;
    })
    .join('\n');
}

/** Packed once; twice with so many zeroes that packing them once would take as many megabytes. */
function packedOf(content: string, zeroes: number): Buffer {
  if (zeroes === 0) return deflateSync(content);
  return deflateSync(stored(zeroes, content));
}

/** A zlib stream that unpacks to the zeroes, in blocks of repetitions, without ever holding them. */
function stored(zeroes: number, content: string): Buffer {
  const piece = deflateSync(Buffer.alloc(16 * 1024 * 1024), { finishFlush: FULL_FLUSH }).subarray(2);
  const pieces = Array.from({ length: Math.ceil(zeroes / (16 * 1024 * 1024)) }, () => piece);
  return Buffer.concat([Buffer.from([0x78, 0x9c]), ...pieces, deflateSync(content).subarray(2)]);
}

/** zlib’s Z_FULL_FLUSH: what follows stands for itself. */
const FULL_FLUSH = 3;

function written(objects: readonly Buffer[]): Uint8Array {
  const parts = [Buffer.from('%PDF-1.4\n')];
  const offsets: number[] = [];
  let length = parts[0]?.length ?? 0;
  for (const [at, object] of objects.entries()) {
    const whole = Buffer.concat([Buffer.from(`${at + 1} 0 obj\n`), object, Buffer.from('\nendobj\n')]);
    offsets.push(length);
    parts.push(whole);
    length += whole.length;
  }
  const rows = offsets.map((offset) => `${String(offset).padStart(10, '0')} 00000 n \n`).join('');
  parts.push(
    Buffer.from(
      `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${length}\n%%EOF\n`,
    ),
  );
  return new Uint8Array(Buffer.concat(parts));
}
