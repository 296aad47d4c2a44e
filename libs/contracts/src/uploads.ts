// What the gateway does with files that clients bring, named and limited like tools: who may, and what the audit log calls it.
// Nobody calls these by name.
import { z } from 'zod';
import { AGENTS } from './agents.js';
import { UploadId } from './blob.js';
import { gateway } from './gateway.js';
import { gatewayName, type NamedTool, publicTools } from './names.js';
import { holds } from './text-fields.js';
import type { ToolSpec } from './tool.js';

/** Tools that take over an upload lead to uploading: a toolset with one of them would else be of no use. */
const THROUGH = publicTools(AGENTS)
  .filter(({ spec }) => takesUpload(spec.input))
  .map(({ agent, tool }) => gatewayName(agent, tool));

/** Whether an upload can be named in what the schema describes: also in a list, as among the files of a job. */
function takesUpload(schema: unknown): boolean {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault)
    return takesUpload(schema.def.innerType);
  if (schema instanceof z.ZodArray) return takesUpload(schema.element);
  if (!(schema instanceof z.ZodObject)) return false;
  return Object.entries(schema.shape).some(([name, member]) => name === 'uploadId' || takesUpload(member));
}

/** A client that sends small pieces sends many. */
const PIECES = { perSecond: 100, burst: 200, concurrent: 16 };

const upload = (
  verb: string,
  title: string,
  parts: Pick<ToolSpec, 'input' | 'output'> & Partial<Pick<ToolSpec, 'limit'>>,
): NamedTool => ({
  agent: gateway.name,
  tool: `upload:${verb}`,
  spec: {
    title,
    description: `${title}, by the tus protocol at the gateway.`,
    effect: 'write',
    // Of its own, since what is brought may become anything that agents keep, and bytes are what fills a disk: a policy can
    // refuse them and leave small datasets allowed.
    permission: 'blob:write',
    through: THROUGH,
    errors: ['not_found', 'too_large', 'conflict'],
    timeoutMs: 0,
    ...parts,
  },
});

const Named = z.object({ uploadId: UploadId });
const Sized = Named.extend({ bytes: z.int().nonnegative() });

export const UPLOADS = {
  begin: upload('begin', 'Begin an upload', {
    input: z.object({
      bytes: z.int().nonnegative(),
      filename: holds('path', z.string()).optional(),
      filetype: holds('identifier', z.string()).optional(),
    }),
    output: Named,
  }),
  /** A piece of one, or asking how far it came: recorded only where it is refused. */
  write: upload('write', 'Send a piece of an upload', { input: Named, output: z.object({}), limit: PIECES }),
  finish: upload('finish', 'Finish an upload', { input: Sized, output: z.object({}) }),
  remove: upload('remove', 'Remove an upload', { input: Named, output: z.object({}) }),
} as const;
