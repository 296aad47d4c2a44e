// A picture that a tool answered, with what was said beside it, to look at and to keep.
import type { ToolResult } from '../../mcp/connection.js';
import { saveBlob } from '../dataset/save-file.js';

interface Block {
  readonly type: string;
  readonly text?: string;
  readonly data?: string;
  readonly mimeType?: string;
  readonly uri?: string;
}

/** What a browser shows without running any of it. */
const SHOWN = /^image\/(png|jpeg|gif|webp)$/;

export function Picture({ result, alt }: { result: ToolResult; alt: string }) {
  const blocks = (result.content ?? []) as readonly Block[];
  const words = blocks.flatMap(({ text }) => (text === undefined ? [] : [text]));
  const images = blocks.filter(({ type, mimeType, data }) => type === 'image' && data !== undefined && SHOWN.test(mimeType ?? ''));
  const links = blocks.flatMap(({ type, uri }) => (type === 'resource_link' && uri !== undefined ? [uri] : []));
  return (
    <figure className="card picture" data-testid="picture">
      {images.map(({ data = '', mimeType = '' }) => (
        <img key={data.slice(0, 60)} className="picture-image" src={`data:${mimeType};base64,${data}`} alt={alt} />
      ))}
      {links.map((uri) => (
        <p key={uri}>
          It is too large to be shown here. With a token of yours it is at <code>{uri}</code>
        </p>
      ))}
      {images.length + links.length === 0 && <p>The source answered with no picture that can be shown here.</p>}
      {words.length > 0 && <figcaption className="picture-words">{words.join('\n')}</figcaption>}
      {images.map(({ data = '', mimeType = '' }) => (
        <div key={data.slice(0, 60)}>
          <button
            type="button"
            className="button button-small"
            onClick={() => saveBlob(new Blob([bytesOf(data)], { type: mimeType }), `picture.${mimeType.replace(/^.*\//, '')}`)}
          >
            Save the picture
          </button>
        </div>
      ))}
    </figure>
  );
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
