// Notebooks as nbformat 4 has them.
import { z } from 'zod';
import { shapeRule } from './shape.js';

const Source = z.union([z.string(), z.array(z.string())], 'must be a text, or a list of lines');
const Metadata = z.record(z.string(), z.unknown(), 'is missing, or no object');
const Bundle = z.record(z.string(), z.unknown(), 'must be an object of MIME types');

const Output = z.discriminatedUnion(
  'output_type',
  [
    z.looseObject({ output_type: z.literal('stream'), name: z.string('must be stdout or stderr'), text: Source }),
    z.looseObject({ output_type: z.literal('display_data'), data: Bundle, metadata: Metadata }),
    z.looseObject({
      output_type: z.literal('execute_result'),
      data: Bundle,
      metadata: Metadata,
      execution_count: z.int().nullable(),
    }),
    z.looseObject({
      output_type: z.literal('error'),
      ename: z.string(),
      evalue: z.string(),
      traceback: z.array(z.string()),
    }),
  ],
  'must have an output_type of nbformat 4',
);

const Cell = z.discriminatedUnion(
  'cell_type',
  [
    z.looseObject({
      cell_type: z.literal('code'),
      source: Source,
      metadata: Metadata,
      outputs: z.array(Output, 'is missing, or no list'),
      execution_count: z.int('is missing, or no whole number').nullable(),
    }),
    z.looseObject({ cell_type: z.literal('markdown'), source: Source, metadata: Metadata }),
    z.looseObject({ cell_type: z.literal('raw'), source: Source, metadata: Metadata }),
  ],
  'must have the cell_type code, markdown or raw',
);

const Notebook = z.looseObject(
  {
    nbformat: z.literal(4, 'must be 4'),
    nbformat_minor: z.int('is missing, or no whole number').min(0),
    metadata: Metadata,
    cells: z.array(Cell, 'must be a list of cells'),
  },
  'must be an object',
);

export const notebook = shapeRule({
  id: 'notebook',
  title: 'A notebook is not as nbformat 4 wants it',
  files: /\.ipynb$/,
  schema: Notebook,
  see: 'https://nbformat.readthedocs.io/en/latest/format_description.html',
});
