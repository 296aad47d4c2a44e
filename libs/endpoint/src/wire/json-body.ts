// The JSON in a request's body, for routes beside MCP: of the right media type, within bounds of size and depth.
import type { IncomingMessage } from 'node:http';
import { AppError } from '@labmesh/contracts';
import { readBody } from '@labmesh/runtime';
import { isJsonContentType } from '@modelcontextprotocol/server';
import { headerOf, tooDeep } from './json-rpc.js';

/** @throws AppError unsupported_format, too_large, invalid_input, or what readBody throws */
export async function readJsonBody(req: IncomingMessage, bytesMax: number): Promise<unknown> {
  if (!isJsonContentType(headerOf(req.headers['content-type']))) {
    req.resume();
    throw new AppError('unsupported_format', 'Cannot read this body: send JSON with Content-Type: application/json');
  }
  const text = (await readBody(req, bytesMax)).toString('utf8');
  if (tooDeep(text)) throw new AppError('invalid_input', 'Cannot read this body: its JSON nests too deeply');
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AppError('invalid_input', 'Cannot read this body: it is not JSON', { cause });
  }
}
