// One side of the comparison: an endpoint, who calls it, and how requests of each era are put together.
import type { Endpoint } from './labs.js';
import { type Got, type Sent, Wire } from './wire.js';

export const MODERN = '2026-07-28';
export const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
const META = 'io.modelcontextprotocol';

export interface Message {
  readonly method: string;
  /** `name`, also of a prompt that is referred to, is the plain name here. */
  readonly params?: Record<string, unknown>;
  readonly id?: unknown;
  readonly meta?: Record<string, unknown>;
}

export interface Legs {
  readonly own: Leg;
  readonly gateway: Leg;
}

export class Leg {
  readonly wire: Wire;
  /** Of the open session of an older era. */
  session: { id: string; version: string } | undefined;
  token: string;

  constructor(
    readonly endpoint: Endpoint,
    token: string,
    /** Tells the waiting calls of this leg and seed from all others. */
    readonly mark: string,
  ) {
    this.wire = new Wire(endpoint.port, endpoint.path);
    this.token = token;
  }

  tool(name: string): string {
    return `${this.endpoint.prefix}${name}`;
  }

  send(sent: Sent): Promise<Got> {
    return this.wire.send(sent);
  }

  modern({ method, params, id = 1, meta = {} }: Message): Sent {
    const named = this.#named(params);
    const body = {
      jsonrpc: '2.0',
      id,
      method,
      params: {
        ...named,
        _meta: { [`${META}/protocolVersion`]: MODERN, [`${META}/clientCapabilities`]: {}, ...meta },
      },
    };
    return {
      headers: {
        ...this.headers(),
        'mcp-protocol-version': MODERN,
        'mcp-method': method,
        'mcp-name': headerValue(named?.name ?? named?.uri),
      },
      body: JSON.stringify(body),
    };
  }

  /** Of the era of the open session. */
  legacy({ method, params, id, meta }: Message): Sent {
    const named = this.#named(params);
    const whole = meta === undefined ? named : { ...named, _meta: meta };
    return {
      headers: {
        ...this.headers(),
        'mcp-session-id': this.session?.id,
        'mcp-protocol-version': this.session?.version,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id, method, params: whole }),
    };
  }

  headers(): Record<string, string> {
    return {
      authorization: `Bearer ${this.token}`,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    };
  }

  /** What the fixture knows of a waiting call, asked until it is `wanted` or a bound is met. */
  async stateOf(key: string, wanted: string): Promise<string> {
    let state = '';
    for (let turn = 0; turn < 400 && state !== wanted; turn++) {
      if (turn > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(turn, 20)));
      const got = await this.send(this.modern({ method: 'tools/call', params: { name: 'peek', arguments: { key } } }));
      state = /"state":"(\w+)"/.exec(got.text)?.[1] ?? got.text;
    }
    return state;
  }

  #named(params: Record<string, unknown> | undefined): Record<string, unknown> | undefined {
    if (typeof params?.name === 'string') return { ...params, name: this.tool(params.name) };
    const ref = params?.ref as { name?: unknown } | null | undefined;
    if (typeof ref?.name === 'string') return { ...params, ref: { ...ref, name: this.tool(ref.name) } };
    return params;
  }
}

/** As clients write it: text that a header cannot hold goes in base64. */
function headerValue(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  return /^[\x21-\x7e]*$/.test(value) ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}
