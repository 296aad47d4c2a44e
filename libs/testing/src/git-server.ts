// Real repositories over HTTP: git's own backend behind a server of Node's.
import { execFile, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SOMEBODY = ['user.name=t', 'user.email=t@t', 'commit.gpgsign=false', 'init.defaultBranch=main'];

/** Runs git in a folder, as somebody whose settings are always the same. Answers what it printed. */
export async function gitIn(folder: string, ...args: string[]): Promise<string> {
  const settings = SOMEBODY.flatMap((setting) => ['-c', setting]);
  return (await run('git', [...settings, ...args], { cwd: folder })).stdout.trim();
}

export interface GitServer extends AsyncDisposable {
  /** Of the folder: its repositories are below it. */
  readonly url: string;
  readonly host: { readonly host: string; readonly port: string };
}

/**
 * Serves the bare repositories in a folder.
 * @param instead answers a request itself, where it says true
 */
export async function gitServer(
  folder: string,
  instead: (path: string, response: ServerResponse) => boolean = () => false,
): Promise<GitServer> {
  const server = createServer((request, response) => {
    const { pathname, search } = new URL(request.url ?? '', 'http://x');
    if (instead(pathname, response)) return;
    const env = {
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: search.slice(1),
    };
    answer(request, response, env);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    host: { host: '127.0.0.1', port: String(port) },
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

/** As CGI has it: headers, an empty line, the body. */
function answer(request: IncomingMessage, response: ServerResponse, env: Record<string, string>): void {
  const given = {
    REQUEST_METHOD: request.method ?? '',
    CONTENT_TYPE: request.headers['content-type'] ?? '',
    PATH: process.env.PATH ?? '',
  };
  const backend = spawn('git', ['http-backend'], { env: { ...env, ...given } });
  request.pipe(backend.stdin);
  const pieces: Buffer[] = [];
  backend.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  backend.on('close', () => {
    const out = Buffer.concat(pieces);
    const end = out.indexOf('\r\n\r\n');
    const lines = out.subarray(0, end).toString().split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => line.split(': ') as [string, string]));
    response.writeHead(Number((headers.Status ?? '200').slice(0, 3)), headers).end(out.subarray(end + 4));
  });
}
