// Server-sent events from a text that arrives in pieces (HTML Living Standard, 9.2.6). Knows nothing of what they say.
export interface ServerEvent {
  readonly event: string;
  readonly data: string;
}

export class EventText {
  #rest = '';
  /** What a client sends as Last-Event-ID when it comes again. */
  lastId = '';
  /** How soon to come again, milliseconds, as the server has it. */
  retryMs: number | undefined;

  /** The events that are whole with this piece. */
  push(piece: string): ServerEvent[] {
    // A lone carriage return at the end may be the first half of a line's end.
    const text = this.#rest + piece;
    const usable = text.endsWith('\r') ? text.slice(0, -1) : text;
    const blocks = usable.replaceAll('\r\n', '\n').replaceAll('\r', '\n').split('\n\n');
    this.#rest = (blocks.pop() ?? '') + (usable === text ? '' : '\r');
    return blocks.flatMap((block) => this.#eventOf(block));
  }

  #eventOf(block: string): ServerEvent[] {
    const data: string[] = [];
    let event = 'message';
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':');
      const name = colon === -1 ? line : line.slice(0, colon);
      const value = colon === -1 ? '' : line.slice(colon + 1).replace(/^ /, '');
      if (name === 'data') data.push(value);
      else if (name === 'event') event = value;
      else if (name === 'id') this.lastId = value;
      else if (name === 'retry' && /^\d+$/.test(value)) this.retryMs = Number(value);
    }
    return data.length === 0 ? [] : [{ event, data: data.join('\n') }];
  }
}
