// From a template's schema to a form, and back to what the lab is asked.
import { describe, expect, it } from 'vitest';
import { defaultsOf, draftInput, inputFields, NAME_FIELD } from './start-fields.js';

const inputs = {
  type: 'object',
  required: ['apiKey'],
  properties: {
    dataset: { type: 'string', title: 'Dataset', pattern: '^ds_[a-z]+$', default: 'ds_flares' },
    epochs: { type: 'integer', minimum: 1, maximum: 10, default: 3 },
    gpu: { type: 'boolean', default: false },
    size: { type: 'string', enum: ['small', 'large'], default: 'small' },
    apiKey: { type: 'string', title: 'Key', writeOnly: true, minLength: 4 },
  },
};
const fields = inputFields({ inputs });
const draft = { name: 'study', place: '' as const, values: { ...defaultsOf(fields), apiKey: 'abcd' } };

describe('the form', () => {
  it('asks what is required first, by its title, and keeps secrets apart', () => {
    expect(fields.map(({ title, secret }) => `${title}${secret ? ' (secret)' : ''}`)).toEqual([
      'Key (secret)',
      'Dataset',
      'epochs',
      'gpu',
      'size',
    ]);
  });

  it('is asked with values of their types', () => {
    expect(draftInput('vial', fields, draft)).toEqual({
      ok: true,
      input: {
        template: 'vial',
        name: 'study',
        inputs: { dataset: 'ds_flares', epochs: 3, gpu: false, size: 'small', apiKey: 'abcd' },
      },
    });
  });

  it('says beside each field what is wrong with it', () => {
    const values = { dataset: 'flares', epochs: '99', size: 'small' };
    expect(draftInput('vial', fields, { name: 'My Study', place: 'archive', values })).toEqual({
      ok: false,
      problems: {
        [NAME_FIELD]: 'Lower-case letters, digits and dashes, at most 63.',
        apiKey: 'This field is required.',
        dataset: 'Must match ^ds_[a-z]+$',
        epochs: 'At most 10.',
      },
    });
  });
});
