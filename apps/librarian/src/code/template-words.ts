// What a vial says of itself in its template.json, for whom it is and what it asks: as places in that file, as comments of code are.
import type { CommentPlace } from '../corpus/document.js';

const TEMPLATE = /^apps\/architect\/vials\/([^/]+)\/template\.json$/;
const SAID = /"(?:title|summary|audience|description)"\s*:\s*"((?:[^"\\]|\\.)+)"/g;

export const isTemplate = (file: string): boolean => TEMPLATE.test(file);

/** Under the vial's name. */
export function templateWords(file: string, text: string): CommentPlace[] {
  const vial = TEMPLATE.exec(file)?.[1] ?? file;
  return [...text.matchAll(SAID)].map(({ 0: member, 1: said = '', index }) => {
    const end = index + member.length - 1;
    return { start: end - said.length, end, path: [vial] };
  });
}
