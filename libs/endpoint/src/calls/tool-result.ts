// Answers of tools in MCP’s words.
import {
  type AppError,
  type ContentBlock,
  ERROR_META_KEY,
  failureOf,
  linkBlock,
  linksIn,
  RECEIPT_META_KEY,
  type Receipt,
  ToolContent,
} from '@labmesh/contracts';
import type { CatalogueName } from '../catalogue/listing.js';

/** A `tools/call` result. */
export interface ToolResult {
  readonly content: readonly ContentBlock[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: true;
  readonly [key: string]: unknown;
}

export interface ToolAnswer {
  /** Without `_meta`. */
  readonly result: ToolResult;
  /** What the lab puts there. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/** @param receipt of the agent's record; calls that reached no agent have none */
export const answerOf = (tool: CatalogueName, output: unknown, receipt: Receipt | undefined): ToolAnswer => ({
  result: resultOf(tool, output),
  meta: receiptMeta(receipt),
});

/** A failure as an answer: models and people read the text, programs `_meta`. */
export function failedAnswer(failure: AppError): ToolAnswer {
  const said = failureOf(failure.toShape());
  const text = `${said.code}: ${said.message}\n${said.hint}`;
  return {
    result: { content: [{ type: 'text', text }], isError: true },
    meta: { [ERROR_META_KEY]: said, ...receiptMeta(failure.receipt) },
  };
}

/** The answer as one result, for whoever adds nothing to it. */
export const wholeResult = ({ result, meta }: ToolAnswer): ToolResult =>
  Object.keys(meta).length === 0 ? result : { ...result, _meta: meta };

const receiptMeta = (receipt: Receipt | undefined) => (receipt === undefined ? {} : { [RECEIPT_META_KEY]: receipt });

function resultOf({ spec }: CatalogueName, output: unknown): ToolResult {
  if (spec.output !== ToolContent) {
    const structuredContent = output as Record<string, unknown>;
    const links = linksIn(spec.output, output).map(linkBlock);
    return { content: [{ type: 'text', text: JSON.stringify(output) }, ...links], structuredContent };
  }
  const { content, structured } = output as ToolContent;
  return { content, ...(structured === undefined ? {} : { structuredContent: structured }) };
}
