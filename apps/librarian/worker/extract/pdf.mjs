// The text of a PDF, page by page: every page is a section, and lines in larger letters are headings in it. No picture is looked at,
// so a PDF that was scanned has no text.
import { getDocumentProxy } from 'unpdf';
import { MarkdownText, proseLine } from './markdown.mjs';
import { Refused } from './refused.mjs';

const PAGES_MAX = 2_000;
/** Letters so much higher than most are a heading's. */
const HEADING_RATIO = 1.15;
const HEADING_CHARACTERS_MAX = 120;
/** Lines further apart than so many heights begin a paragraph. */
const PARAGRAPH_GAP = 1.6;

export async function fromPdf(bytes, name) {
  const document = await opened(bytes);
  try {
    if (document.numPages > PAGES_MAX) throw new Refused(`it has more than ${PAGES_MAX} pages`);
    const { info } = await document.getMetadata().catch(() => ({ info: {} }));
    const title =
      typeof info?.Title === 'string' && info.Title.trim() !== '' ? info.Title.trim().slice(0, 200) : undefined;
    const out = new MarkdownText();
    out.heading(1, title ?? name);
    let letters = 0;
    for (let number = 1; number <= document.numPages; number += 1) {
      const page = await document.getPage(number);
      const { items } = await page.getTextContent();
      page.cleanup();
      const lines = linesOf(items);
      letters += lines.reduce((sum, { text }) => sum + text.length, 0);
      if (lines.length > 0) writePage(out, number, lines);
    }
    if (letters === 0) throw new Refused('it has no text: a scan must be read by an OCR program first');
    return { text: out.toString(), title };
  } finally {
    await document.loadingTask.destroy();
  }
}

async function opened(bytes) {
  try {
    return await getDocumentProxy(new Uint8Array(bytes), {
      isEvalSupported: false,
      disableFontFace: true,
      useSystemFonts: false,
      enableXfa: false,
      stopAtErrors: false,
      verbosity: 0,
    });
  } catch (error) {
    if (error?.name === 'PasswordException') throw new Refused('it asks for a password: store it without one');
    throw new Refused(`it is no PDF that can be read: ${String(error?.message ?? error).slice(0, 200)}`);
  }
}

/** Items in reading order as lines, with their height and how far below the one before they are. */
function linesOf(items) {
  const lines = [];
  let line = { text: '', height: 0, y: undefined };
  const end = () => {
    const text = line.text.replace(/\s+/g, ' ').trim();
    if (text !== '') lines.push({ ...line, text });
    line = { text: '', height: 0, y: undefined };
  };
  for (const { str, height, transform, hasEOL } of items) {
    if (str === undefined) continue;
    const y = transform[5];
    if (line.y !== undefined && Math.abs(y - line.y) > Math.max(line.height, height, 1) * 0.6) end();
    line.text += str;
    line.y ??= y;
    if (str.trim() !== '') line.height = Math.max(line.height, height);
    if (hasEOL) end();
  }
  end();
  return lines;
}

function writePage(out, number, lines) {
  out.heading(2, `Page ${number}`);
  const body = usualHeight(lines);
  let paragraph = '';
  let before;
  const end = () => {
    out.block(proseLine(paragraph));
    paragraph = '';
  };
  for (const line of lines) {
    const isHeading =
      line.height > body * HEADING_RATIO && line.text.length <= HEADING_CHARACTERS_MAX && /\p{L}/u.test(line.text);
    const apart =
      before !== undefined && Math.abs(before.y - line.y) > Math.max(before.height, line.height, 1) * PARAGRAPH_GAP;
    if (isHeading || apart) end();
    if (isHeading) out.heading(3, line.text);
    // A word that was cut at the end of a line is whole again.
    else if (/\p{L}-$/u.test(paragraph) && /^\p{Ll}/u.test(line.text)) paragraph = paragraph.slice(0, -1) + line.text;
    else paragraph += ` ${line.text}`;
    before = line;
  }
  end();
}

/** The height that most letters have. */
function usualHeight(lines) {
  const letters = new Map();
  for (const { text, height } of lines) {
    const rounded = Math.round(height * 2) / 2;
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length);
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
