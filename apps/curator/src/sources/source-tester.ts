// Asks a source one page, and shows what came: for who writes a manifest or sets a key. Stores nothing.
import type { Call, curator, ToolInput, ToolOutput } from '@labmesh/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { inferSchema } from '../schemas/inference.js';
import { shapeOf } from '../schemas/shape.js';
import { EMPTY } from './bookmark.js';
import { requestShown } from './provenance.js';
import { SourceCatalog } from './source-catalog.js';
import { SourceKinds } from './source-kinds.js';
import { parametersOf, rangeOf } from './stream-asked.js';

type Test = (typeof curator.tools)['test_source'];

@Injectable()
export class SourceTester {
  constructor(
    @Inject(SourceCatalog) private readonly catalog: SourceCatalog,
    @Inject(SourceKinds) private readonly kinds: SourceKinds,
  ) {}

  async test(input: ToolInput<Test>, call: Pick<Call, 'deadline' | 'signal'>): Promise<ToolOutput<Test>> {
    const { manifest } = await this.catalog.find(input.source);
    const name = input.stream ?? Object.keys(manifest.streams)[0] ?? '';
    const { stream } = await this.catalog.stream(input.source, name);
    const parameters = await parametersOf('parameters' in stream ? stream.parameters : {}, input.parameters ?? {});
    const { range } = rangeOf(stream, input, { bookmark: EMPTY, now: this.kinds.now(manifest) });
    const pages = await this.kinds.pages({ manifest, stream, parameters }, call);
    const began = Date.now();
    const page = await pages.read(pages.first(range), { range, tag: undefined });
    return {
      stream: name,
      request: requestShown({ manifest, stream, parameters }, range),
      rows: page.rows.length,
      more: page.next !== undefined,
      tookMs: Date.now() - began,
      example: page.rows[0] ?? null,
      schema: stream.schema ?? inferSchema(shapeOf(page.rows)),
    };
  }
}
