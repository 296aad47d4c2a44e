// Asking whoever is at the client in the middle of a call. A handler that needs an answer throws `InputRequired`; it is run
// again, from its first line, with the answers in `call.answers`. So it asks before it changes anything.
import { z } from 'zod';
import type { Call } from './call.js';
import { AppError } from './errors.js';

const Params = z.record(z.string(), z.unknown());

/** One question to the client, in MCP's own words. `askForm` and the others make them. */
export const InputRequest = z.discriminatedUnion('method', [
  z.object({ method: z.literal('elicitation/create'), params: Params }),
  z.object({ method: z.literal('sampling/createMessage'), params: Params }),
  z.object({ method: z.literal('roots/list'), params: Params.optional() }),
]);
export type InputRequest = z.output<typeof InputRequest>;

/** Questions by name; the answers come back by the same names. */
export const InputNeeds = z.object({
  requests: z.record(z.string().min(1), InputRequest),
  state: z.string().max(64_000).optional(),
});
export type InputNeeds = z.output<typeof InputNeeds>;

/**
 * Not a failure: the handler needs answers first. The tool must list `input_required` among its errors.
 * `state` comes back unchanged in `call.answers.state`. On its way through the client it is sealed: nobody can read or
 * change it, and it opens for the same wallet, tool and input only, for `REQUEST_STATE_TTL_S`.
 */
export class InputRequired extends AppError {
  constructor(requests: Readonly<Record<string, InputRequest>>, options: { readonly state?: string } = {}) {
    const details: InputNeeds = { requests: { ...requests }, ...options };
    super(
      'input_required',
      `An answer is needed first: ${Object.keys(requests).join(', ') || 'none, only a repetition'}`,
      {
        details,
      },
    );
  }
}

/** A form of flat fields: texts, numbers, booleans, enums. The client shows titles, descriptions and defaults. */
export function askForm(message: string, fields: z.ZodObject): InputRequest {
  const { $schema: _, additionalProperties: __, ...requestedSchema } = z.toJSONSchema(fields, { io: 'input' });
  return { method: 'elicitation/create', params: { mode: 'form', message, requestedSchema } };
}

/** A page that the user opens: for what must not pass through the client, such as a password or a payment. */
export const askPage = (message: string, url: string): InputRequest => ({
  method: 'elicitation/create',
  params: { mode: 'url', message, url },
});

/** A question to the client's model. @param maxTokens most tokens of its answer */
export const askModel = (prompt: string, maxTokens: number, systemPrompt?: string): InputRequest => ({
  method: 'sampling/createMessage',
  params: {
    messages: [{ role: 'user', content: { type: 'text', text: prompt } }],
    maxTokens,
    ...(systemPrompt === undefined ? {} : { systemPrompt }),
  },
});

/** Which folders the client works in. */
export const askRoots = (): InputRequest => ({ method: 'roots/list' });

export type FormAnswer<V> =
  | { readonly action: 'accept'; readonly values: V }
  | { readonly action: 'decline' }
  | { readonly action: 'cancel' };

const Form = z.object({ action: z.enum(['accept', 'decline', 'cancel']), content: Params.optional() });

/** The form as it was filled in; undefined when there is no answer yet, or one that does not fit: then ask (again). */
export function formAnswer<F extends z.ZodObject>(
  { answers }: Pick<Call, 'answers'>,
  name: string,
  fields: F,
): FormAnswer<z.output<F>> | undefined {
  const form = Form.safeParse(answers?.responses[name]).data;
  if (form === undefined) return undefined;
  if (form.action !== 'accept') return { action: form.action };
  const values = fields.safeParse(form.content ?? {});
  return values.success ? { action: 'accept', values: values.data } : undefined;
}

/** Whether the user went to the page; undefined when there is no answer yet. */
export const pageAnswer = (
  { answers }: Pick<Call, 'answers'>,
  name: string,
): FormAnswer<unknown>['action'] | undefined => Form.safeParse(answers?.responses[name]).data?.action;

const TextContent = z.object({ type: z.literal('text'), text: z.string() });
const ModelAnswer = z.object({ model: z.string().optional(), content: z.union([TextContent, z.array(z.unknown())]) });

/** What the client's model wrote; undefined when there is no answer yet, or none in text. */
export function modelAnswer({ answers }: Pick<Call, 'answers'>, name: string): string | undefined {
  const content = ModelAnswer.safeParse(answers?.responses[name]).data?.content;
  if (content === undefined) return undefined;
  const texts = [content].flat().map((part) => TextContent.safeParse(part).data?.text);
  const said = texts.filter((text) => text !== undefined);
  return said.length > 0 ? said.join('\n') : undefined;
}

const Roots = z.object({ roots: z.array(z.object({ uri: z.string(), name: z.string().optional() })) });

/** The client's folders; undefined when there is no answer yet. */
export const rootsAnswer = (
  { answers }: Pick<Call, 'answers'>,
  name: string,
): ReadonlyArray<{ readonly uri: string; readonly name?: string | undefined }> | undefined =>
  Roots.safeParse(answers?.responses[name]).data?.roots;
