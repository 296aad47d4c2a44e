// The fixtures that answer, show, log, tell progress or fail. Names and texts are the suites'; nothing here asks the client.
import {
  AppError,
  audioBlock,
  defineTool,
  type Handlers,
  imageBlock,
  logMessage,
  resourceBlock,
  ToolContent,
  textBlock,
} from '@labmesh/contracts';
import { z } from 'zod';
import { PIXEL, SILENCE } from './pictures.js';

/** The suites look for all of them in the gateway's list. */
export const reads = {
  effect: 'read',
  everyday: true,
  permission: 'agent:read',
  errors: [],
  timeoutMs: 20_000,
} as const;
/** Between two messages of a fixture. */
const PAUSE_MS = 50;

const shows = <const T extends string>(title: T, description: string) =>
  defineTool({ ...reads, title, description, input: z.object({}), output: ToolContent });
const streams = <const T extends string>(title: T, description: string) =>
  defineTool({
    ...reads,
    title,
    description,
    input: z.object({}),
    output: ToolContent,
    progress: z.object({}).loose(),
  });

/** Extracted to `$defs` by its id, where a reference by its anchor finds it too. */
const Address = z
  .object({ street: z.string().optional(), city: z.string().optional() })
  .meta({ id: 'address', $anchor: 'addressDef' });

/** JSON Schema has more words than zod: what `meta` adds says the same as `refine` checks. */
const Contact = z
  .strictObject({
    name: z.string().optional(),
    address: Address.optional(),
    contactMethod: z.enum(['phone', 'email']).optional(),
    phone: z.string().optional(),
    email: z.string().optional(),
  })
  .refine(
    ({ contactMethod, phone, email }) => (contactMethod === 'phone' ? phone : email) !== undefined,
    'contactMethod phone needs a phone; anything else an email',
  )
  .meta({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
    if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { required: ['phone'] },
    else: { required: ['email'] },
  });

export const showingTools = {
  test_simple_text: shows('Text', 'Answers one text.'),
  test_image_content: shows('Picture', 'Answers one picture.'),
  test_audio_content: shows('Sound', 'Answers one sound.'),
  test_embedded_resource: shows('Resource', 'Answers one resource with what it holds.'),
  test_multiple_content_types: shows('Mixed', 'Answers a text, a picture and a resource.'),
  test_error_handling: defineTool({
    ...shows('Fail', 'Always fails.'),
    errors: ['conflict'],
  }),
  test_tool_with_logging: streams('Log', 'Logs three messages on its way.'),
  test_logging_tool: streams('Log once', 'Logs one message, which only a client that asked for logs may get.'),
  test_tool_with_progress: streams('Progress', 'Tells its progress three times.'),
  test_reconnection: shows('Wait', 'Answers after a pause, so that a client has time to come back for it.'),
  json_schema_2020_12_tool: defineTool({
    ...reads,
    title: 'Keywords',
    description: 'Its input uses what JSON Schema 2020-12 has.',
    input: Contact,
    output: z.object({ received: z.boolean() }),
  }),
  test_custom_headers: defineTool({
    ...reads,
    title: 'Headers',
    description: 'Its region is sent as a header too.',
    input: z.object({ region: z.string().meta({ 'x-mcp-header': 'Region' }), query: z.string().default('') }),
    output: z.object({ region: z.string(), query: z.string() }),
  }),
};

const pause = () => new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
const said = (text: string): ToolContent => ({ content: [textBlock(text)] });

export const showingHandlers: Handlers<typeof showingTools> = {
  test_simple_text: () => said('This is a simple text response for testing.'),
  test_image_content: () => ({ content: [imageBlock('image/png', PIXEL)] }),
  test_audio_content: () => ({ content: [audioBlock('audio/wav', SILENCE)] }),
  test_embedded_resource: () => ({
    content: [
      resourceBlock('test://embedded-resource', {
        mimeType: 'text/plain',
        text: 'This is an embedded resource content.',
      }),
    ],
  }),
  test_multiple_content_types: () => ({
    content: [
      textBlock('Multiple content types test:'),
      imageBlock('image/png', PIXEL),
      resourceBlock('test://mixed-content-resource', {
        mimeType: 'application/json',
        text: JSON.stringify({ test: 'data', value: 123 }),
      }),
    ],
  }),
  test_error_handling: () => {
    throw new AppError('conflict', 'This tool intentionally returns an error for testing');
  },
  test_tool_with_logging: async function* () {
    yield logMessage('info', 'Tool execution started');
    await pause();
    yield logMessage('info', 'Tool processing data');
    await pause();
    yield logMessage('info', 'Tool execution completed');
    return said('Logged three messages.');
  },
  test_logging_tool: async function* () {
    yield logMessage('info', 'A message for whoever asked for it');
    return said('Logged one message.');
  },
  test_tool_with_progress: async function* () {
    for (const progress of [0, 50, 100]) {
      if (progress > 0) await pause();
      yield { progress, total: 100 };
    }
    return said('Told its progress three times.');
  },
  test_reconnection: async () => {
    await pause();
    return said('Reconnection test completed successfully');
  },
  json_schema_2020_12_tool: () => ({ received: true }),
  test_custom_headers: ({ region, query }) => ({ region, query }),
};
