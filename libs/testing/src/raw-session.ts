// A client of the 2025 eras that does nothing by itself: each request goes to the replica that the test names, each event is seen.
export interface RawMessage {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { code: number; data?: unknown };
}

export interface RawEvent {
  readonly id: string | undefined;
  readonly data: string;
}

/** Ends a wait for what never comes; how fast the machine is decides nothing. */
const WAIT_MS = 120_000;

/** An answer as it comes: a stream of events, or one message, which then is the only one here. */
export class RawStream {
  readonly events: RawEvent[] = [];
  readonly ended: Promise<void>;
  readonly #abort = new AbortController();
  #seen = 0;

  constructor(opening: (signal: AbortSignal) => Promise<Response>) {
    this.ended = this.#read(opening).catch(() => {});
  }

  get messages(): RawMessage[] {
    return this.events.filter(({ data }) => data !== '').map(({ data }) => JSON.parse(data) as RawMessage);
  }

  /** The next message that fits, behind those that were given before. */
  async next(fits: (message: RawMessage) => boolean): Promise<RawMessage> {
    for (const giveUpAt = Date.now() + WAIT_MS; Date.now() < giveUpAt; ) {
      const found = this.messages.findIndex((message, at) => at >= this.#seen && fits(message));
      if (found >= 0) {
        this.#seen = found + 1;
        return this.messages[found] ?? {};
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`no such message among ${JSON.stringify(this.messages)}`);
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(opening: (signal: AbortSignal) => Promise<Response>): Promise<void> {
    const response = await opening(this.#abort.signal);
    if (response.headers.get('content-type') === 'application/json') {
      this.events.push({ id: undefined, data: await response.text() });
      return;
    }
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#take(block.split('\n'));
    }
  }

  #take(lines: string[]): void {
    const field = (name: string): string | undefined =>
      lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
    const data = field('data');
    if (data !== undefined) this.events.push({ id: field('id'), data });
  }
}

interface Side {
  readonly url: string;
  readonly token: string;
  readonly version: string;
}

export class RawSession {
  static #lastId = 0;

  private constructor(
    private readonly side: Side,
    readonly id: string,
  ) {}

  static async open(
    url: string,
    { version, capabilities, token = 'ada' }: { version: string; capabilities: object; token?: string },
  ): Promise<RawSession> {
    const side = { url, token, version };
    const params = { protocolVersion: version, capabilities, clientInfo: { name: 'raw', version: '1' } };
    const response = await new RawSession(side, '').send('POST', {
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params,
    });
    const text = await response.text();
    const id = response.headers.get('mcp-session-id');
    if (id === null) throw new Error(`no session: ${text}`);
    return new RawSession(side, id);
  }

  /** The same session, at another replica. */
  at(url: string): RawSession {
    return new RawSession({ ...this.side, url }, this.id);
  }

  as(token: string): RawSession {
    return new RawSession({ ...this.side, token }, this.id);
  }

  /** With another version in its headers. */
  saying(version: string): RawSession {
    return new RawSession({ ...this.side, version }, this.id);
  }

  send(method: string, body?: object, headers: Record<string, string> = {}, signal?: AbortSignal): Promise<Response> {
    return fetch(this.side.url, {
      method,
      headers: {
        authorization: `Bearer ${this.side.token}`,
        'content-type': 'application/json',
        accept: method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream',
        'mcp-protocol-version': this.side.version,
        ...(this.id === '' ? {} : { 'mcp-session-id': this.id }),
        ...headers,
      },
      ...(method === 'POST' ? { body: JSON.stringify(body) } : {}),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  /** A request whose stream is read as it comes. */
  stream(method: string, params: object = {}, id: string | number = ++RawSession.#lastId): RawStream {
    return new RawStream((signal) => this.send('POST', { jsonrpc: '2.0', id, method, params }, {}, signal));
  }

  /** A request, and all that came until it was answered. */
  async exchange(method: string, params: object = {}): Promise<RawStream> {
    const stream = this.stream(method, params);
    await stream.ended;
    return stream;
  }

  async request(method: string, params: object = {}): Promise<RawMessage> {
    return (await this.exchange(method, params)).messages.at(-1) ?? {};
  }

  /** The stream on which the lab speaks unasked, or the one that an event's id names. Resolves when it is open. */
  async listen(lastEventId?: string): Promise<RawStream> {
    let opened: (response: Response) => void = () => {};
    const open = new Promise<Response>((resolve) => {
      opened = resolve;
    });
    const headers: Record<string, string> = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const stream = new RawStream(async (signal) => {
      const response = await this.send('GET', undefined, headers, signal);
      opened(response);
      return response;
    });
    const { status } = await open;
    if (status !== 200) throw new Error(`cannot listen: ${status}`);
    return stream;
  }
}
