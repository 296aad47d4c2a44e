// What the documents say otherwise than a site needs it: links to READMEs, to files and folders of the code; words in brackets.
import { statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pageOf, ROOT } from './places.mjs';

const ELSEWHERE = /^(\w+:|#)/;

/** For markdown-it: a README is its folder's page; a file of the code is opened as it is; a folder, which no site has, is text. */
export function linksForSite(md) {
  md.core.ruler.push('links-for-site', ({ tokens, env }) => {
    for (const { children } of tokens) if (children) eachLink(children, (link) => adapt(link, env.relativePath ?? ''));
  });
}

function eachLink(tokens, act) {
  for (const token of tokens) {
    if (token.type !== 'link_open' || ELSEWHERE.test(token.attrGet('href'))) continue;
    const closing = tokens.slice(tokens.indexOf(token)).find(({ type }) => type === 'link_close');
    act({ token, closing });
  }
}

function adapt({ token, closing }, page) {
  const [path, ...hash] = token.attrGet('href').split('#');
  const file = posix.join(posix.dirname(page), path);
  if (path.endsWith('.md')) token.attrSet('href', [pageOf(path), ...hash].join('#'));
  else if (statSync(join(ROOT, file), { throwIfNoEntry: false })?.isDirectory()) {
    for (const each of [token, closing]) each.tag = 'span';
    token.attrs = [];
    token.type = 'span_open';
    closing.type = 'span_close';
  } else token.attrSet('target', '_blank');
}

/** No document is written in HTML or for Vue: `<dataset>` and `{{name}}` stand for themselves; comments are for what writes tables. */
export function asText(md) {
  const { rules } = md.renderer;
  const html = (tokens, at) => {
    const { content } = tokens[at];
    return content.trim().startsWith('<!--') ? '' : md.utils.escapeHtml(content);
  };
  rules.html_block = html;
  rules.html_inline = html;
  for (const [kind, render] of ['text', 'code_inline', 'code_block'].map((name) => [name, rules[name]]))
    rules[kind] = (...given) => render(...given).replaceAll('{{', '&#123;&#123;');
}
