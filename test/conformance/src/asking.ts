// The fixtures that ask the client: forms, its model, its folders, once or several times. Names and questions are the suites'.
import {
  askForm,
  askModel,
  askRoots,
  type Call,
  defineTool,
  type FormAnswer,
  formAnswer,
  type Handlers,
  InputRequired,
  modelAnswer,
  rootsAnswer,
  ToolContent,
  textBlock,
} from '@labmesh/contracts';
import { z } from 'zod';
import { reads } from './showing.js';

const asks = <S extends z.ZodObject>(title: string, description: string, input: S) =>
  defineTool({ ...reads, title, description, errors: ['input_required'], input, output: ToolContent });
const nothing = z.object({});

export const askingTools = {
  test_sampling: asks('Ask the model', 'Asks the client’s model and repeats it.', z.object({ prompt: z.string() })),
  test_elicitation: asks('Ask', 'Asks for a name and an address of mail.', z.object({ message: z.string() })),
  test_elicitation_sep1034_defaults: asks('Ask with defaults', 'A form with a default for each type.', nothing),
  test_elicitation_sep1330_enums: asks('Ask with choices', 'A form with each kind of choice.', nothing),
  test_missing_capability: asks('Ask the model, unasked', 'Needs a client with a model.', nothing),
  test_streaming_elicitation: asks('Ask on a stream', 'Asks a client that can be asked.', nothing),
  test_input_required_result_elicitation: asks('Ask for a name', 'Greets by name.', nothing),
  test_input_required_result_sampling: asks('Ask for a capital', 'Asks the client’s model.', nothing),
  test_input_required_result_list_roots: asks('Ask for folders', 'Names the client’s folders.', nothing),
  test_input_required_result_request_state: asks('Ask and remember', 'Wants its state back.', nothing),
  test_input_required_result_multiple_inputs: asks('Ask thrice at once', 'A form, the model, folders.', nothing),
  test_input_required_result_multi_round: asks('Ask twice', 'One question after the other.', nothing),
  test_input_required_result_tampered_state: asks('Ask and check', 'Refuses a state that was altered.', nothing),
  test_input_required_result_capabilities: asks('Ask what can be asked', 'Asks the model only.', nothing),
};

const said = (text: string): ToolContent => ({ content: [textBlock(text)] });
const told = ({ action, ...rest }: FormAnswer<unknown>): string =>
  `action=${action}, content=${JSON.stringify('values' in rest ? rest.values : {})}`;

interface Question<F extends z.ZodObject> {
  readonly name: string;
  readonly message: string;
  readonly fields: F;
  readonly state?: string;
}

/** The form as it was answered. @throws InputRequired until it was, whatever else was answered */
function form<F extends z.ZodObject>(
  call: Pick<Call, 'answers'>,
  { name, message, fields, state }: Question<F>,
): FormAnswer<z.output<F>> {
  const answer = formAnswer(call, name, fields);
  const options = state === undefined ? {} : { state };
  if (answer === undefined) throw new InputRequired({ [name]: askForm(message, fields) }, options);
  return answer;
}

const named = (answer: FormAnswer<{ name: string }>): string =>
  answer.action === 'accept' ? answer.values.name : 'whoever you are';

/** What the client's model said. @throws InputRequired until it did */
function model(call: Pick<Call, 'answers'>, name: string, question: string): string {
  const answer = modelAnswer(call, name);
  if (answer === undefined) throw new InputRequired({ [name]: askModel(question, 100) });
  return answer;
}

const Person = z.object({
  username: z.string().describe('User’s response'),
  email: z.string().describe('User’s email address'),
});

const Defaults = z.object({
  name: z.string().default('John Doe'),
  age: z.int().default(30),
  score: z.number().default(95.5),
  status: z.enum(['active', 'inactive', 'pending']).default('active'),
  verified: z.boolean().default(true),
});

const titled = (words: readonly string[], what: string) =>
  words.map((word, at) => ({ const: word, title: `${what} ${at + 1}` }));
const OPTIONS = ['option1', 'option2', 'option3'] as const;
const VALUES = ['value1', 'value2', 'value3'] as const;

/** What zod has no words for, MCP's titles, stands in `meta`. */
const Choices = z.object({
  untitledSingle: z.enum(OPTIONS),
  titledSingle: z.string().meta({ oneOf: titled(VALUES, 'Option') }),
  legacyEnum: z.enum(['opt1', 'opt2', 'opt3']).meta({ enumNames: ['Option One', 'Option Two', 'Option Three'] }),
  untitledMulti: z.array(z.enum(OPTIONS)),
  titledMulti: z.array(z.string()).meta({ items: { anyOf: titled(VALUES, 'Choice') } }),
});

const Name = z.object({ name: z.string() });
const Color = z.object({ color: z.string() });
const Sure = z.object({ ok: z.boolean() });

export const askingHandlers: Handlers<typeof askingTools> = {
  test_sampling: ({ prompt }, call) => said(`LLM response: ${model(call, 'response', prompt)}`),
  test_elicitation: ({ message }, call) =>
    said(`User response: ${told(form(call, { name: 'person', message, fields: Person }))}`),
  test_elicitation_sep1034_defaults: (_input, call) =>
    said(`Elicitation completed: ${told(form(call, { name: 'person', message: 'Who are you?', fields: Defaults }))}`),
  test_elicitation_sep1330_enums: (_input, call) =>
    said(`Elicitation completed: ${told(form(call, { name: 'choices', message: 'Choose', fields: Choices }))}`),
  test_missing_capability: (_input, call) => said(model(call, 'answer', 'Say anything')),
  test_streaming_elicitation: (_input, call) =>
    said(`Hello, ${named(form(call, { name: 'user_name', message: 'What is your name?', fields: Name }))}!`),
  test_input_required_result_elicitation: (_input, call) =>
    said(`Hello, ${named(form(call, { name: 'user_name', message: 'What is your name?', fields: Name }))}!`),
  test_input_required_result_sampling: (_input, call) =>
    said(model(call, 'capital_question', 'What is the capital of France?')),
  test_input_required_result_list_roots: (_input, call) => {
    const roots = rootsAnswer(call, 'client_roots');
    if (roots === undefined) throw new InputRequired({ client_roots: askRoots() });
    return said(`Folders: ${roots.map(({ uri }) => uri).join(', ')}`);
  },
  test_input_required_result_request_state: (_input, call) => {
    const { action } = form(call, { name: 'confirm', message: 'Please confirm', fields: Sure, state: 'asked' });
    return said(call.answers?.state === 'asked' ? `state-ok, ${action}` : 'the state is missing');
  },
  test_input_required_result_multiple_inputs: (_input, call) => {
    const user = formAnswer(call, 'user_name', Name);
    const greeting = modelAnswer(call, 'greeting');
    const roots = rootsAnswer(call, 'client_roots');
    if (user === undefined || greeting === undefined || roots === undefined)
      throw new InputRequired(
        {
          user_name: askForm('What is your name?', Name),
          greeting: askModel('Generate a greeting', 50),
          client_roots: askRoots(),
        },
        { state: 'asked all' },
      );
    return said(`${greeting} ${named(user)}, of ${roots.length} folders`);
  },
  test_input_required_result_multi_round: (_input, call) => {
    const first = call.answers?.state;
    if (first === undefined || formAnswer(call, 'step1', Name) !== undefined) {
      const step1 = form(call, {
        name: 'step1',
        message: 'Step 1: What is your name?',
        fields: Name,
        state: 'round 1',
      });
      throw new InputRequired(
        { step2: askForm('Step 2: What is your favorite color?', Color) },
        { state: `round 2, ${named(step1)}` },
      );
    }
    const step2 = form(call, {
      name: 'step2',
      message: 'Step 2: What is your favorite color?',
      fields: Color,
      state: first,
    });
    return said(`${first}: ${told(step2)}`);
  },
  test_input_required_result_tampered_state: (_input, call) =>
    said(told(form(call, { name: 'confirm', message: 'Please confirm', fields: Sure, state: 'sealed' }))),
  test_input_required_result_capabilities: (_input, call) => said(model(call, 'question', 'Say anything')),
};
