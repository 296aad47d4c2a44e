// How providers of language models write an answer on the wire: server-sent events of OpenAI's chat completions and of Anthropic's
// messages, as their documentation has them.

export interface SaidCall {
  readonly id: string;
  readonly name: string;
  /** As the model writes it: JSON, or what it takes for it. */
  readonly input: string;
}

/** An answer, in the pieces in which it comes. */
export interface Said {
  readonly text?: readonly string[];
  readonly thinking?: readonly string[];
  readonly calls?: readonly SaidCall[];
  readonly stop?: 'end' | 'length' | 'filter';
}

/** Events in order; what comes after the last of `pieces` ends the answer. */
export interface Written {
  readonly pieces: readonly string[];
  readonly end: readonly string[];
}

const halves = (text: string): string[] => {
  const at = Math.ceil(text.length / 2);
  return [text.slice(0, at), text.slice(at)].filter((part) => part !== '');
};

const data = (value: unknown): string => `data: ${JSON.stringify(value)}\n\n`;

export function asOpenAi({ text = [], thinking = [], calls = [], stop = 'end' }: Said): Written {
  const chunk = (delta: object, reason: string | null = null): string =>
    data({
      id: 'chatcmpl-1',
      object: 'chat.completion.chunk',
      created: 1_795_900_000,
      model: 'stand-in',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: reason }],
    });
  const reason = { end: calls.length > 0 ? 'tool_calls' : 'stop', length: 'length', filter: 'content_filter' }[stop];
  return {
    pieces: [
      chunk({ role: 'assistant', content: '' }),
      ...thinking.map((content) => chunk({ reasoning_content: content })),
      ...text.map((content) => chunk({ content })),
      // All calls begin before the first one ends, told apart by their index alone.
      ...calls.map(({ id, name }, index) =>
        chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' } }] }),
      ),
      ...calls.flatMap(({ input }, index) =>
        halves(input).map((part) => chunk({ tool_calls: [{ index, function: { arguments: part } }] })),
      ),
    ],
    end: [
      chunk({}, reason),
      data({
        id: 'chatcmpl-1',
        object: 'chat.completion.chunk',
        created: 1_795_900_000,
        model: 'stand-in',
        choices: [],
        usage: { prompt_tokens: 21, completion_tokens: 7, total_tokens: 28 },
      }),
      'data: [DONE]\n\n',
    ],
  };
}

const event = (type: string, more: object = {}): string => `event: ${type}\n${data({ type, ...more })}`;

export function asAnthropic({ text = [], thinking = [], calls = [], stop = 'end' }: Said): Written {
  let index = -1;
  const block = (start: object, deltas: readonly object[]): string[] => {
    index += 1;
    return [
      event('content_block_start', { index, content_block: start }),
      ...deltas.map((delta) => event('content_block_delta', { index, delta })),
      event('content_block_stop', { index }),
    ];
  };
  const reason = { end: calls.length > 0 ? 'tool_use' : 'end_turn', length: 'max_tokens', filter: 'refusal' }[stop];
  return {
    pieces: [
      event('message_start', {
        message: {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          model: 'stand-in',
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 21, output_tokens: 1 },
        },
      }),
      event('ping'),
      ...(thinking.length === 0
        ? []
        : block({ type: 'thinking', thinking: '', signature: '' }, [
            ...thinking.map((part) => ({ type: 'thinking_delta', thinking: part })),
            { type: 'signature_delta', signature: 'c2lnbmVk' },
          ])),
      ...(text.length === 0
        ? []
        : block(
            { type: 'text', text: '' },
            text.map((part) => ({ type: 'text_delta', text: part })),
          )),
      ...calls.flatMap(({ id, name, input }) =>
        block(
          { type: 'tool_use', id, name, input: {} },
          halves(input).map((part) => ({ type: 'input_json_delta', partial_json: part })),
        ),
      ),
    ],
    end: [
      event('message_delta', { delta: { stop_reason: reason, stop_sequence: null }, usage: { output_tokens: 7 } }),
      event('message_stop'),
    ],
  };
}

export const OPENAI_ERROR = (message: string, code: string | null = null): string =>
  JSON.stringify({ error: { message, type: 'invalid_request_error', param: null, code } });

export const ANTHROPIC_ERROR = (message: string, type = 'invalid_request_error'): string =>
  JSON.stringify({ type: 'error', error: { type, message }, request_id: 'req_1' });

export const anthropicErrorEvent = (type: string, message: string): string =>
  event('error', { error: { type, message } });
