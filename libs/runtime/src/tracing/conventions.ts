// Names of what spans carry, after OpenTelemetry's conventions for MCP, GenAI and RPC. The one table of them.
// None of these may hold an argument, a result, a token or any text that a client chose.
export const ATTRIBUTES = {
  /** `tools/call`, `tools/list`, …: a method of the protocol, else `other`. */
  mcpMethod: 'mcp.method.name',
  mcpProtocol: 'mcp.protocol.version',
  /** `execute_tool` for `tools/call`. */
  operation: 'gen_ai.operation.name',
  /** A tool's name as the endpoint lists it. */
  tool: 'gen_ai.tool.name',
  /** `tool_error` for a result with `isError`, else an error code or an HTTP status. */
  errorType: 'error.type',
  httpStatus: 'http.response.status_code',
  transport: 'network.transport',
  protocol: 'network.protocol.name',
  rpcSystem: 'rpc.system',
  /** The agent. */
  rpcService: 'rpc.service',
  /** The tool within its agent. */
  rpcMethod: 'rpc.method',
  callId: 'labmesh.call.id',
  /** A code of the errors' table. */
  errorCode: 'labmesh.error.code',
} as const;

export type AttributeName = (typeof ATTRIBUTES)[keyof typeof ATTRIBUTES];
export type Attributes = Partial<Record<AttributeName, string | number>>;

/** Of a call over the bus, at both of its ends. */
export const callAttributes = (agent: string, tool: string, callId: string | undefined): Attributes => ({
  [ATTRIBUTES.rpcSystem]: 'labmesh',
  [ATTRIBUTES.rpcService]: agent,
  [ATTRIBUTES.rpcMethod]: tool,
  ...(callId === undefined ? {} : { [ATTRIBUTES.callId]: callId }),
});

export const RESOURCE = {
  service: 'service.name',
  namespace: 'service.namespace',
  version: 'service.version',
  instance: 'service.instance.id',
  host: 'host.name',
  pid: 'process.pid',
  runtime: 'process.runtime.name',
  runtimeVersion: 'process.runtime.version',
  sdk: 'telemetry.sdk.name',
  sdkLanguage: 'telemetry.sdk.language',
  sdkVersion: 'telemetry.sdk.version',
} as const;

export type Resource = Partial<Record<(typeof RESOURCE)[keyof typeof RESOURCE], string | number>>;

/** Methods of both protocol eras; what a client makes up beside them is `other`, so that names stay few. */
const METHODS: ReadonlySet<string> = new Set([
  'initialize',
  'ping',
  'server/discover',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/list',
  'prompts/get',
  'completion/complete',
  'logging/setLevel',
  'subscriptions/listen',
  'notifications/initialized',
  'notifications/cancelled',
  'notifications/progress',
  'notifications/roots/list_changed',
]);

export const methodLabel = (method: unknown): string =>
  typeof method === 'string' && METHODS.has(method) ? method : 'other';
