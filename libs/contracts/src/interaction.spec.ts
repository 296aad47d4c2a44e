// What a handler asks, and how it reads what a client answered: anything may come back.
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toAppError } from './errors.js';
import {
  askForm,
  askModel,
  formAnswer,
  InputNeeds,
  InputRequired,
  modelAnswer,
  pageAnswer,
  rootsAnswer,
} from './interaction.js';
import { logMessage, logMessageIn } from './log-message.js';

const fields = z.object({
  name: z.string().min(1).describe('Your name'),
  level: z.enum(['low', 'high']).default('low'),
  count: z.int().min(1).max(9).optional(),
});
const answered = (value: unknown) => ({ answers: { responses: { who: value } } });

describe('asking', () => {
  it('makes a form of the fields, with descriptions, defaults and bounds', () => {
    const { params } = askForm('Who are you?', fields) as { params: Record<string, unknown> };
    expect(params).toEqual({
      mode: 'form',
      message: 'Who are you?',
      requestedSchema: {
        type: 'object',
        properties: {
          name: { type: 'string', minLength: 1, description: 'Your name' },
          level: { type: 'string', enum: ['low', 'high'], default: 'low' },
          count: { type: 'integer', minimum: 1, maximum: 9 },
        },
        required: ['name'],
      },
    });
  });

  it('crosses the bus as an error with the questions in it', () => {
    const thrown = new InputRequired({ who: askForm('Who?', fields), why: askModel('Why?', 50) }, { state: 's1' });
    const arrived = toAppError(JSON.parse(JSON.stringify(thrown.toShape())));
    expect(arrived.code).toBe('input_required');
    expect(InputNeeds.parse(arrived.details)).toEqual(thrown.details);
  });
});

describe('reading answers', () => {
  it('gives the values of a form that fits, defaults filled in', () => {
    const form = formAnswer(answered({ action: 'accept', content: { name: 'Ada' } }), 'who', fields);
    expect(form).toEqual({ action: 'accept', values: { name: 'Ada', level: 'low' } });
  });

  it.each(['decline', 'cancel'] as const)('tells that the user chose to %s', (action) => {
    expect(formAnswer(answered({ action }), 'who', fields)).toEqual({ action });
    expect(pageAnswer(answered({ action }), 'who')).toBe(action);
  });

  it.each([
    undefined,
    null,
    'accept',
    { action: 'accept' },
    { action: 'accept', content: { name: 7 } },
    { action: 'accept', content: 'x' },
    { action: 'yes', content: { name: 'Ada' } },
    { content: { name: 'Ada' } },
  ])('has no answer in %j', (value) => {
    expect(formAnswer(answered(value), 'who', fields)).toBeUndefined();
    expect(formAnswer({}, 'who', fields)).toBeUndefined();
  });

  it('reads the text of a model, in one part or several', () => {
    expect(
      modelAnswer(answered({ role: 'assistant', model: 'm', content: { type: 'text', text: 'Four' } }), 'who'),
    ).toBe('Four');
    const parts = [
      { type: 'text', text: 'a' },
      { type: 'image', data: '' },
      { type: 'text', text: 'b' },
    ];
    expect(modelAnswer(answered({ content: parts }), 'who')).toBe('a\nb');
    expect(modelAnswer(answered({ content: [{ type: 'image', data: '' }] }), 'who')).toBeUndefined();
    expect(modelAnswer(answered({ action: 'accept' }), 'who')).toBeUndefined();
  });

  it('reads the folders of a client', () => {
    expect(rootsAnswer(answered({ roots: [{ uri: 'file:///data' }] }), 'who')).toEqual([{ uri: 'file:///data' }]);
    expect(rootsAnswer(answered({ roots: 'file:///data' }), 'who')).toBeUndefined();
  });
});

describe('log messages', () => {
  it('are told from progress, whatever that looks like', () => {
    expect(logMessageIn(JSON.parse(JSON.stringify(logMessage('warning', { disk: 'full' }))))).toEqual({
      level: 'warning',
      data: { disk: 'full' },
    });
    for (const progress of [null, 'log', 5, { level: 'info', data: 1 }, { log: { level: 'info' } }, []])
      expect(logMessageIn(progress)).toBeUndefined();
  });
});
