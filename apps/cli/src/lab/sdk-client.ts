// The official client, for what only it can do: tools that the contracts need not know, progress, servers of older eras. Loading it
// takes longer than most commands. The only file that knows its errors.
import { AppError } from '@labmesh/contracts';
import {
  Client,
  type Progress,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  StreamableHTTPClientTransport,
  type Tool,
} from '@modelcontextprotocol/client';
import { type Attempt, httpFailure, lateFailure, protocolFailure, unreachable } from './failure.js';

export type { Progress };
export type LabTool = Tool;

interface ConnectOptions {
  readonly endpoint: URL;
  readonly token: string | undefined;
  readonly version: string;
  readonly timeoutMs: number;
}

interface CallOptions {
  readonly timeoutMs: number;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** What a tool answers is shown as it is: nothing here is decided by it, and to check it would take longer than to ask. */
const UNCHECKED = { getValidator: () => (data: unknown) => ({ valid: true, data, errorMessage: undefined }) as never };

export class SdkClient {
  private constructor(
    private readonly client: Client,
    private readonly attempt: Attempt,
  ) {}

  /** @throws AppError unavailable when no lab answers, unauthenticated when it does not know the caller */
  static async connect(attempt: Attempt, { endpoint, token, version, timeoutMs }: ConnectOptions): Promise<SdkClient> {
    const { signal } = attempt;
    const client = new Client(
      { name: 'labmesh', version },
      { versionNegotiation: { mode: 'auto' }, jsonSchemaValidator: UNCHECKED },
    );
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const transport = new StreamableHTTPClientTransport(endpoint, { requestInit: { headers } });
    await guarded(attempt, () => client.connect(transport, { signal, timeout: timeoutMs }));
    return new SdkClient(client, attempt);
  }

  async tools(timeoutMs: number): Promise<LabTool[]> {
    const { signal } = this.attempt;
    return (await guarded(this.attempt, () => this.client.listTools(undefined, { signal, timeout: timeoutMs }))).tools;
  }

  call(name: string, args: Record<string, unknown>, { timeoutMs, onProgress }: CallOptions) {
    const { signal } = this.attempt;
    return guarded(this.attempt, () =>
      this.client.callTool(
        { name, arguments: args },
        { signal, timeout: timeoutMs, ...(onProgress === undefined ? {} : { onprogress: onProgress }) },
      ),
    );
  }

  async close(): Promise<void> {
    await this.client.close().catch(() => undefined);
  }
}

async function guarded<T>(attempt: Attempt, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw failureOf(thrown, attempt);
  }
}

function failureOf(thrown: unknown, attempt: Attempt): AppError {
  if (thrown instanceof AppError) return thrown;
  if (attempt.signal.aborted || isNetworkFailure(thrown)) return unreachable(attempt, thrown);
  if (thrown instanceof SdkHttpError)
    return httpFailure({ status: thrown.status, text: thrown.data.text }, attempt, thrown);
  if (thrown instanceof ProtocolError) return protocolFailure(thrown.code, thrown.message, thrown);
  if (thrown instanceof SdkError) return clientFailure(thrown, attempt);
  return new AppError('internal', `Unexpected: ${thrown instanceof Error ? thrown.message : String(thrown)}`, {
    cause: thrown,
  });
}

function clientFailure(thrown: SdkError, attempt: Attempt): AppError {
  switch (thrown.code) {
    case SdkErrorCode.RequestTimeout:
      return lateFailure(attempt, thrown);
    case SdkErrorCode.EraNegotiationFailed:
    case SdkErrorCode.ConnectionClosed:
    case SdkErrorCode.SendFailed:
      return unreachable(attempt, thrown);
    default:
      return new AppError('internal', `The lab’s answer could not be read: ${thrown.message}`, { cause: thrown });
  }
}

/** `fetch` says only "fetch failed"; a TypeError is its sign. */
const isNetworkFailure = (thrown: unknown): boolean =>
  thrown instanceof TypeError || (thrown as NodeJS.ErrnoException)?.code === 'ECONNREFUSED';
