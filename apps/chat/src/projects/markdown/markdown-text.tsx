// Markdown as elements of the page. HTML in it stays text, pictures are their description, and links lead only to the web, so nothing
// that a README says can run or load anything.
import { lexer, type Token, type Tokens } from 'marked';
import { Fragment, type ReactNode, useMemo } from 'react';

export function MarkdownText({ text }: { text: string }) {
  const tokens = useMemo(() => lexer(text), [text]);
  return <div className="markdown">{blocks(tokens)}</div>;
}

/** Of the text itself, which does not change while it is shown: places serve as keys. */
const each = (tokens: readonly Token[] | undefined, show: (token: Token) => ReactNode): ReactNode =>
  tokens?.map((token, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens never move
    <Fragment key={place}>{show(token)}</Fragment>
  ));

const blocks = (tokens: readonly Token[] | undefined): ReactNode => each(tokens, block);
const inlines = (tokens: readonly Token[] | undefined): ReactNode => each(tokens, inline);

function block(token: Token): ReactNode {
  switch (token.type) {
    case 'heading':
      return heading(token as Tokens.Heading);
    case 'paragraph':
      return <p>{inlines(token.tokens)}</p>;
    case 'code':
      return (
        <pre className="code-block">
          <code>{(token as Tokens.Code).text}</code>
        </pre>
      );
    case 'blockquote':
      return <blockquote>{blocks(token.tokens)}</blockquote>;
    case 'list':
      return list(token as Tokens.List);
    case 'table':
      return table(token as Tokens.Table);
    case 'hr':
      return <hr />;
    case 'text':
      return token.tokens ? inlines(token.tokens) : plain((token as Tokens.Text).text);
    case 'space':
    case 'def':
      return null;
    case 'html':
      return /^<!--(?:(?!-->)[^])*-->\s*$/.test(token.raw) ? null : <p>{token.raw}</p>;
    default:
      return <p>{token.raw}</p>;
  }
}

/** The page has its own first heading. */
function heading({ depth, tokens }: Tokens.Heading): ReactNode {
  const Tag = depth <= 2 ? 'h2' : depth === 3 ? 'h3' : 'h4';
  return <Tag>{inlines(tokens)}</Tag>;
}

function list({ ordered, start, items }: Tokens.List): ReactNode {
  const shown = items.map((item, place) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items never move
    <li key={place}>
      {item.task && <input type="checkbox" checked={item.checked ?? false} disabled aria-label="done" />}
      {blocks(item.tokens)}
    </li>
  ));
  return ordered ? <ol start={typeof start === 'number' ? start : 1}>{shown}</ol> : <ul>{shown}</ul>;
}

const table = ({ header, rows }: Tokens.Table): ReactNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
  <section className="table-scroll" aria-label="Table" tabIndex={0}>
    <table>
      <thead>
        <tr>
          {header.map((cell, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
            <th key={place} scope="col">
              {inlines(cell.tokens)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
          <tr key={line}>
            {row.map((cell, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells never move
              <td key={place}>{inlines(cell.tokens)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

function inline(token: Token): ReactNode {
  switch (token.type) {
    case 'strong':
      return <strong>{inlines(token.tokens)}</strong>;
    case 'em':
      return <em>{inlines(token.tokens)}</em>;
    case 'del':
      return <del>{inlines(token.tokens)}</del>;
    case 'codespan':
      return <code>{plain((token as Tokens.Codespan).text)}</code>;
    case 'br':
      return <br />;
    case 'link':
      return link(token as Tokens.Link);
    case 'image':
      return <em>{plain((token as Tokens.Image).text)}</em>;
    case 'text':
    case 'escape':
      return 'tokens' in token && token.tokens ? inlines(token.tokens) : plain((token as Tokens.Text).text);
    default:
      return token.raw;
  }
}

/** Elsewhere on the web; a path in the project is only a name here. */
function link({ href, tokens }: Tokens.Link): ReactNode {
  if (!/^https?:\/\//i.test(href)) return inlines(tokens);
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {inlines(tokens)}
    </a>
  );
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };

/** The lexer leaves what it would escape for HTML; here it is text. */
const plain = (text: string): string =>
  text.replace(/&(amp|lt|gt|quot|#39);/g, (whole, name: string) => ENTITIES[name] ?? whole);
