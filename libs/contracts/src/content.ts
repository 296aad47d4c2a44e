// What tools and prompts show to people and models: MCP's content blocks, as values.
// Nothing here may know a transport, a framework or an agent.
import { z } from 'zod';
import type { BlobLink } from './blob-links.js';
import type { ResourceContent } from './resource.js';

const Annotations = z.object({
  audience: z.array(z.enum(['user', 'assistant'])).optional(),
  /** From 0, of least use, to 1, required. */
  priority: z.number().min(0).max(1).optional(),
  lastModified: z.iso.datetime().optional(),
});

const block = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape, annotations: Annotations.optional() });

const MimeType = z.string().min(1);
const embedded = { uri: z.string().min(1), mimeType: MimeType.optional() };

export const ContentBlock = z.discriminatedUnion('type', [
  block('text', { text: z.string() }),
  block('image', { data: z.base64(), mimeType: MimeType }),
  block('audio', { data: z.base64(), mimeType: MimeType }),
  block('resource', {
    resource: z.union([z.object({ ...embedded, text: z.string() }), z.object({ ...embedded, blob: z.base64() })]),
  }),
  block('resource_link', {
    uri: z.string().min(1),
    name: z.string().min(1),
    title: z.string().optional(),
    description: z.string().optional(),
    mimeType: MimeType.optional(),
    /** Bytes. */
    size: z.int().nonnegative().optional(),
  }),
]);
export type ContentBlock = z.output<typeof ContentBlock>;

/**
 * The output of a tool that answers with pictures, sound, documents or text to read: give it as the tool's `output`.
 * `structured` is for programs, beside what is shown. Such a tool is listed without an output schema.
 */
export const ToolContent = z.object({
  content: z.array(ContentBlock).min(1),
  structured: z.record(z.string(), z.unknown()).optional(),
});
export type ToolContent = z.output<typeof ToolContent>;

export const textBlock = (text: string): ContentBlock => ({ type: 'text', text });

/** A picture; `bytes` in the format that `mimeType` names. */
export const imageBlock = (mimeType: string, bytes: Uint8Array): ContentBlock => ({
  type: 'image',
  mimeType,
  data: base64(bytes),
});

/** A sound; `bytes` in the format that `mimeType` names. */
export const audioBlock = (mimeType: string, bytes: Uint8Array): ContentBlock => ({
  type: 'audio',
  mimeType,
  data: base64(bytes),
});

/** A resource with what it holds, so that nobody need read it. */
export const resourceBlock = (uri: string, content: ResourceContent): ContentBlock => ({
  type: 'resource',
  resource: { uri, ...content },
});

/** A link to a blob. Its address is the blob's id until the agent's process puts the gateway's before it. */
export const linkBlock = ({ blobId, url = blobId, name, mediaType, bytes }: BlobLink): ContentBlock => ({
  type: 'resource_link',
  uri: url,
  name,
  mimeType: mediaType,
  size: bytes,
});

const base64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
