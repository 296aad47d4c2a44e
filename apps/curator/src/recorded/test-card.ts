// A test card as PNG: plain ground, a frame, lines of text. What a lab of recorded data shows in the place of a picture that nobody
// recorded, so it must never look like one.
import { crc32, deflateSync } from 'node:zlib';
import { CELL, columnsOf } from './card-font.js';

export interface CardSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Ground, frame, text: red, green, blue. */
const COLOURS = ['1f2a44', '5b6b94', 'ffd166'];
const [GROUND, FRAME, INK] = [0, 1, 2];
const SCALE_MAX = 4;
const MARGIN = 2;

/** Colours by their number, row by row. What does not fit is cut at the edge. */
export function cardPixels(lines: readonly string[], { width, height }: CardSize): Uint8Array {
  const pixels = new Uint8Array(width * height).fill(GROUND);
  const dot = (x: number, y: number, colour: number): void => {
    if (x >= 0 && x < width && y >= 0 && y < height) pixels[y * width + x] = colour;
  };
  for (let x = 0; x < width; x += 1) for (const y of [0, height - 1, Math.floor(height / 2)]) dot(x, y, FRAME);
  for (let y = 0; y < height; y += 1) for (const x of [0, width - 1, Math.floor(width / 2)]) dot(x, y, FRAME);
  const { scale, left, top } = placeOf(lines, { width, height });
  lines.forEach((line, row) => {
    [...line].forEach((letter, column) => {
      const at = { x: left + column * CELL.width * scale, y: top + row * CELL.height * scale };
      columnsOf(letter).forEach((bits, dx) => {
        for (let dy = 0; dy < 8; dy += 1)
          if ((bits >> dy) & 1)
            for (let part = 0; part < scale * scale; part += 1)
              dot(at.x + dx * scale + (part % scale), at.y + dy * scale + Math.floor(part / scale), INK);
      });
    });
  });
  return pixels;
}

/** As large as fits, in the upper left corner. */
export function placeOf(lines: readonly string[], { width, height }: CardSize) {
  const columns = Math.max(1, ...lines.map(({ length }) => length)) + 2 * MARGIN;
  const rows = lines.length + MARGIN;
  const fits = Math.floor(Math.min(width / (columns * CELL.width), height / (rows * CELL.height)));
  const scale = Math.min(SCALE_MAX, Math.max(1, fits));
  return { scale, left: MARGIN * CELL.width * scale, top: CELL.height * scale };
}

/** The same as a PNG of three colours (ISO/IEC 15948). */
export function testCard(lines: readonly string[], size: CardSize): Buffer {
  const { width, height } = size;
  const pixels = cardPixels(lines, size);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) rows.set(pixels.subarray(y * width, (y + 1) * width), y * (width + 1) + 1);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits a pixel, each the number of a colour.
  header.set([8, 3, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(COLOURS.join(''), 'hex')),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(named));
  return Buffer.concat([length, named, sum]);
}
