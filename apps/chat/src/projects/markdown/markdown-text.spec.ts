// What a README may show, and what it may not do: run, load, or lead to anything but the web.
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, it } from 'vitest';
import { MarkdownText } from './markdown-text.js';

const shown = (text: string): string => renderToStaticMarkup(createElement(MarkdownText, { text }));

it('shows headings, lists, code, tables and emphasis', () => {
  const html = shown(
    '# A\n\n- one *two*\n\n1. `x < y`\n\n```sh\nrun "it"\n```\n\n| a | b |\n| --- | --- |\n| 1 | **2** |\n',
  );
  for (const part of [
    '<h2>A</h2>',
    '<em>two</em>',
    '<code>x &lt; y</code>',
    'run &quot;it&quot;',
    '<strong>2</strong>',
  ])
    expect(html).toContain(part);
});

it.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'text <b onclick="x()">bold</b>',
  '[go](javascript:alert(1))',
  '[go](data:text/html,x)',
  '![picture](http://example.org/x.png)',
  '<iframe src="http://example.org"></iframe>',
])('makes nothing of %s but text', (text) => {
  expect(shown(text)).not.toMatch(/<(script|img|iframe|b|a)\b/);
});

it('leads to the web, in another tab', () => {
  expect(shown('[docs](https://example.org/a)')).toContain(
    '<a href="https://example.org/a" target="_blank" rel="noopener noreferrer">docs</a>',
  );
  expect(shown('[file](docs/x.md)')).toBe('<div class="markdown"><p>file</p></div>');
});

it('leaves out what is a comment alone', () => {
  expect(shown('# Pumps\n\n<!-- also: valves, pressure -->\n\nText')).not.toContain('valves');
  expect(shown('<!-- a --><b>x</b><!-- c -->')).toContain('&lt;b&gt;');
});
