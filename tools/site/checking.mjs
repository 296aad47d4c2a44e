// Looks through the finished site: every link within it leads to a page or file that is there, and to a place in it that is there;
// and no page asks another host for anything.
import { readdir, readFile } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { SITE } from './places.mjs';

const ELSEWHERE = /^(\w+:|\/\/)/;

/** @throws Error that names each dead link with its page */
export async function checkSite() {
  const files = (await readdir(SITE, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => posix.relative(SITE, join(entry.parentPath, entry.name)));
  const pages = new Map();
  for (const file of files.filter((name) => name.endsWith('.html') && name !== '404.html'))
    pages.set(file, await readFile(join(SITE, file), 'utf8'));
  const faults = [...pages].flatMap(([page, html]) => [
    ...deadLinks(page, html, { files, pages }),
    ...[...html.matchAll(/<(?:script|img|link|iframe)[^>]*? (?:src|href)="(?:https?:)?\/\/[^"]*"/g)].map(
      ([asks]) => `${page}: asks another host: ${asks}`,
    ),
  ]);
  if (faults.length > 0) throw new Error(`The site has faults:\n${[...new Set(faults)].join('\n')}`);
  return pages.size;
}

const deadLinks = (page, html, { files, pages }) =>
  [...html.matchAll(/<a [^>]*?href="([^"]*)"/g)].flatMap(([, href]) => {
    if (ELSEWHERE.test(href)) return [];
    const [path, anchor] = href.split('#');
    const target = path === '' ? page : posix.join(posix.dirname(page), decodeURIComponent(path));
    const file = target.endsWith('/') || target === '.' ? posix.join(target, 'index.html') : target;
    if (!files.includes(file)) return [`${page}: nothing at ${href}`];
    const there = pages.get(file);
    const found = !anchor || there === undefined || there.includes(`id="${decodeURIComponent(anchor)}"`);
    return found ? [] : [`${page}: no such heading: ${href}`];
  });
