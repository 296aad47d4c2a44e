// The fixtures' resources and prompts. Addresses, names and texts are the suites'.
import {
  askForm,
  asUser,
  definePrompt,
  defineResource,
  formAnswer,
  InputRequired,
  imageBlock,
  type PromptHandlers,
  type ResourceHandlers,
  resourceBlock,
  textBlock,
} from '@labmesh/contracts';
import { z } from 'zod';
import { PIXEL } from './pictures.js';

const open = { permission: 'agent:read' } as const;

export const resources = {
  static_text: defineResource({
    ...open,
    uri: 'test://static-text',
    title: 'A text',
    description: 'Always the same.',
    mimeType: 'text/plain',
    listed: true,
  }),
  static_binary: defineResource({
    ...open,
    uri: 'test://static-binary',
    title: 'A picture',
    description: 'Bytes, always the same.',
    mimeType: 'image/png',
    listed: true,
  }),
  watched: defineResource({
    ...open,
    uri: 'test://watched-resource',
    title: 'A text to subscribe to',
    description: 'For clients that want to hear of changes.',
    mimeType: 'text/plain',
    listed: true,
  }),
  template: defineResource({
    ...open,
    uri: 'test://template/{id}/data',
    title: 'Data of an id',
    description: 'Found by its address only.',
    mimeType: 'application/json',
    listed: false,
  }),
};

export const resourceHandlers: ResourceHandlers<typeof resources> = {
  static_text: {
    read: () => ({ mimeType: 'text/plain', text: 'This is the content of the static text resource.' }),
  },
  static_binary: { read: () => ({ mimeType: 'image/png', blob: PIXEL.toString('base64') }) },
  watched: { read: () => ({ mimeType: 'text/plain', text: 'This is the content of the watched resource.' }) },
  template: {
    read: ({ id }) => ({
      mimeType: 'application/json',
      text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` }),
    }),
  },
};

const none = z.object({});

export const prompts = {
  test_simple_prompt: definePrompt({ ...open, title: 'Simple', description: 'One text.', arguments: none }),
  test_prompt_with_arguments: definePrompt({
    ...open,
    title: 'With arguments',
    description: 'Repeats its arguments.',
    arguments: z.object({
      arg1: z.string().describe('First test argument'),
      arg2: z.string().describe('Second test argument'),
    }),
  }),
  test_prompt_with_embedded_resource: definePrompt({
    ...open,
    title: 'With a resource',
    description: 'Holds a resource.',
    arguments: z.object({ resourceUri: z.string().describe('URI of the resource to embed') }),
  }),
  test_prompt_with_image: definePrompt({
    ...open,
    title: 'With a picture',
    description: 'Holds a picture.',
    arguments: none,
  }),
  test_input_required_result_prompt: definePrompt({
    ...open,
    title: 'That asks',
    description: 'Asks which context to use.',
    arguments: none,
  }),
};

const Context = z.object({ context: z.string() });

export const promptHandlers: PromptHandlers<typeof prompts> = {
  test_simple_prompt: () => asUser('This is a simple prompt for testing.'),
  test_prompt_with_arguments: {
    get: ({ arg1, arg2 }) => asUser(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`),
    complete: () => ['test', 'testing', 'paris', 'park', 'party'],
  },
  test_prompt_with_embedded_resource: ({ resourceUri }) => ({
    messages: [
      {
        role: 'user',
        content: resourceBlock(resourceUri, {
          mimeType: 'text/plain',
          text: 'Embedded resource content for testing.',
        }),
      },
      { role: 'user', content: textBlock('Please process the embedded resource above.') },
    ],
  }),
  test_prompt_with_image: () => ({
    messages: [
      { role: 'user', content: imageBlock('image/png', PIXEL) },
      { role: 'user', content: textBlock('Please analyze the image above.') },
    ],
  }),
  test_input_required_result_prompt: (_args, call) => {
    const answer = formAnswer(call, 'user_context', Context);
    if (answer === undefined)
      throw new InputRequired({ user_context: askForm('What context should the prompt use?', Context) });
    return asUser(`In the context: ${answer.action === 'accept' ? answer.values.context : 'none'}`);
  },
};
