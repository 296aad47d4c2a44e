// `labmesh audit`: reading the audit log, taking it along, and checking it without the lab.
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError, SEVERITIES, type Severity, sentinel } from '@labmesh/contracts';
import { parseVerifierKey, type VerifierKey } from '@labmesh/transparency';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { z } from 'zod';
import { checkFiles } from '../audit/check.js';
import { beginLine, headLine, recordLine } from '../audit/lines.js';
import type { Findings } from '../audit/log-check.js';
import type { Lab } from '../lab/lab.js';
import type { Output } from '../output/output.js';
import { addConnectionOptions, addJsonOption, type Session, type Work } from '../session.js';

type Records = z.output<typeof sentinel.tools.audit_query.output>['records'];

const RECEIPT = /^[0-9a-f]{64}$/;
const HEADS_PAGE = 10_000;
const RECORDS_PAGE = 1_000;

export function addAudit(program: Command, session: Session): void {
  const group = program
    .command('audit')
    .description('read the audit log, take it along, check it without the lab')
    .addHelpText(
      'after',
      '\nExamples:\n  npx @labmesh/cli audit query --severity warning\n  npx @labmesh/cli audit verify --key labmesh-audit.pub kept-heads.jsonl audit.jsonl',
    );
  addQuery(group, session);
  addKey(group, session);
  addHeads(group, session);
  addProof(group, session);
  addExport(group, session);
  addVerify(group, session);
}

interface QueryOptions {
  readonly wallet?: string;
  readonly agent?: string;
  readonly tool?: string;
  readonly callId?: string;
  readonly severity?: Severity;
  readonly from?: string;
  readonly to?: string;
  readonly limit: string;
}

function addQuery(group: Command, session: Session): void {
  const command = group
    .command('query')
    .description('search the records, newest first')
    .option('--wallet <id>', 'whose calls')
    .option('--agent <name>', 'an agent, such as curator')
    .option('--tool <name>', 'a tool of it, such as fetch_dataset')
    .option('--call-id <id>', 'one call')
    .addOption(new Option('--severity <level>', 'at least this grave').choices(SEVERITIES))
    .option('--from <time>', 'not before, such as 2026-11-21T08:00:00Z')
    .option('--to <time>', 'before')
    .option('--limit <count>', 'how many', '50')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli audit query --severity warning --from 2026-11-21T08:00:00Z');
  addConnectionOptions(command).action(({ wallet, limit, ...filter }: QueryOptions) =>
    session.run(command, async ({ lab, output }) => {
      const input = { walletId: wallet, limit: Number(limit), ...filterOf(filter) };
      const { records } = await lab.use(sentinel, 'audit_query', input);
      output.answer({ records }, () => showRecords(output, records));
    }),
  );
}

const filterOf = ({ agent, tool, callId, severity, from, to }: Omit<QueryOptions, 'wallet' | 'limit'>) => ({
  agent,
  tool,
  callId,
  severity,
  from,
  to,
});

function showRecords(output: Output, records: Records): void {
  output.table(
    ['PLACE', 'AT', 'WALLET', 'CALL', 'OUTCOME', 'TOOK'],
    records.map(({ cursor, at, walletId, agent, tool, outcome, durationMs, severity }) => [
      cursor,
      at,
      walletId ?? '-',
      `${agent}.${tool}`,
      { text: outcome, style: STYLE[severity] },
      `${durationMs.toFixed(1)} ms`,
    ]),
  );
  if (records.length === 0) output.note('No record fits.');
}

const STYLE = { info: 'green', notice: 'dim', warning: 'yellow', error: 'red' } as const;

function addKey(group: Command, session: Session): void {
  const command = group
    .command('key')
    .description('the public key of the log; keep it where the lab cannot reach')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli audit key > labmesh-audit.pub');
  addConnectionOptions(command).action(() =>
    session.run(command, async ({ lab, output }) => {
      const { verifierKey } = await lab.use(sentinel, 'audit_heads', { limit: 1 });
      output.answer({ verifierKey }, () => output.line(verifierKey));
    }),
  );
}

function addHeads(group: Command, session: Session): void {
  const command = group
    .command('heads')
    .description('the signed heads of the log, one a line; keep them where the lab cannot reach')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli audit heads > kept-heads.jsonl');
  addConnectionOptions(command).action(() =>
    session.run(command, async ({ lab, output }) => {
      const { newest } = await lab.use(sentinel, 'audit_heads', { limit: 1 });
      for await (const line of headLines(lab, newest?.size ?? 0)) output.line(line);
    }),
  );
}

/** All heads over at most so many records, smallest first, as lines of a file. */
async function* headLines(lab: Lab, size: number): AsyncGenerator<string> {
  for (let after = 0; after < size; ) {
    const { heads } = await lab.use(sentinel, 'audit_heads', { after, limit: HEADS_PAGE });
    for (const head of heads) if (head.size <= size) yield headLine(head);
    after = heads.at(-1)?.size ?? size;
  }
}

function addProof(group: Command, session: Session): void {
  const command = group
    .command('proof')
    .description('the proof that one call is in the log, as JSON that `verify` reads')
    .argument('<receipt>', 'leaf hash of the receipt, or the call’s id')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli audit proof 3f…9a > proof.json');
  addConnectionOptions(command).action((receipt: string) =>
    session.run(command, async ({ lab, output }) => {
      const by = RECEIPT.test(receipt) ? { leafHash: receipt } : { callId: receipt };
      output.line(JSON.stringify(await lab.use(sentinel, 'audit_proof', by)));
    }),
  );
}

function addExport(group: Command, session: Session): void {
  const command = group
    .command('export')
    .description('write all signed heads and records to a file, one JSON document a line')
    .option('--to <file>', 'where to; standard output when left out')
    .addHelpText('after', '\nExample:\n  npx @labmesh/cli audit export --to audit.jsonl');
  addConnectionOptions(command).action(({ to }: { to?: string }) =>
    session.run(command, async (work) => {
      const lines = logLines(work);
      if (to === undefined) for await (const line of lines) work.host.stdout.write(line);
      else await pipeline(lines, createWriteStream(to));
      work.output.note(
        'Check it with: npx @labmesh/cli audit verify --key <the log’s public key> <heads you kept> <file>',
      );
    }),
  );
}

/** Heads first: whoever reads the file can then check each as its last record comes. */
async function* logLines({ lab, output }: Work): AsyncGenerator<string> {
  const { newest, verifierKey } = await lab.use(sentinel, 'audit_heads', { limit: 1 });
  yield `${beginLine(verifierKey)}\n`;
  const size = newest?.size ?? 0;
  for await (const line of headLines(lab, size)) yield `${line}\n`;
  for (let after = 0; after < size; ) {
    const limit = Math.min(RECORDS_PAGE, size - after);
    const { records } = await lab.use(sentinel, 'audit_log_stream', { after: String(after), limit });
    for (const record of records) yield `${recordLine(record)}\n`;
    after = Number(records.at(-1)?.cursor ?? size);
    output.progress({ progress: after, total: size, message: 'records' });
  }
}

const VERIFY_HELP = `
Nothing is asked of the lab: the files and the key are all there is. Files of heads alone are those you kept where the lab
cannot reach (a copy of audit-heads.jsonl, or what audit heads wrote, made before the export); they come first. Heads that
come with the records are what the lab says today.

Exit codes:
  0  proved: every record is under a signed head, and the log goes on from heads you kept
  6  not what was signed: a record, a head or the order was changed, added, taken out or cut off
  8  not proved: nothing contradicts it, but a record is under no head, no head was kept, or there is no record at all
  2  a file is not of this kind, or was cut in a line;  5  a file is not there

Examples:
  npx @labmesh/cli audit verify --key labmesh-audit.pub kept/audit-heads.jsonl audit.jsonl
  npx @labmesh/cli audit verify --key labmesh-audit.pub --receipt 3f…9a kept/audit-heads.jsonl audit.jsonl
  npx @labmesh/cli audit verify --key labmesh-audit.pub kept/audit-heads.jsonl proof.json`;

function addVerify(group: Command, session: Session): void {
  const command = group
    .command('verify')
    .description('check exports, heads and proofs without the lab')
    .argument('<file...>', 'what audit export and audit proof wrote, and copies of the witness file')
    .requiredOption('--key <key or file>', 'the log’s public key, as `npx @labmesh/cli audit key` gave it once')
    .option('--receipt <hash>', 'leaf hash that must be in the log; may be repeated', receipts, [])
    .addHelpText('after', VERIFY_HELP);
  addJsonOption(command).action((files: string[], { key, receipt }: { key: string; receipt: string[] }) =>
    session.offline(command, async ({ output }) => {
      const onProgress = (records: number): void => output.progress({ progress: records, message: 'records' });
      const findings = await checkFiles({ files, key: await keyFrom(key), receipts: receipt, onProgress });
      output.answer(findings, () => showFindings(output, findings));
      const [problem] = findings.problems;
      if (problem !== undefined) throw new AppError('conflict', `The audit log is not what was signed: ${problem}`);
      const [missing] = findings.unproved;
      if (missing !== undefined) throw new AppError('not_proved', `The audit log is not proved: ${missing}`);
    }),
  );
}

function receipts(value: string, before: readonly string[]): string[] {
  if (!RECEIPT.test(value)) throw new InvalidArgumentError('A receipt’s leaf hash has 64 digits of 0-9 and a-f.');
  return [...before, value];
}

async function keyFrom(given: string): Promise<VerifierKey> {
  const text = given.includes('+') ? given : await readFile(given, 'utf8').catch(() => given);
  try {
    return parseVerifierKey(text);
  } catch (error) {
    throw new AppError('invalid_input', `Cannot use --key ${given}: ${(error as Error).message}`, { cause: error });
  }
}

function showFindings(output: Output, findings: Findings): void {
  const { problems, unproved, records, signedRecords, proofs, heads, keptHeads, receipts } = findings;
  for (const problem of problems) output.line(output.style('red', problem));
  for (const missing of unproved) output.line(output.style('yellow', missing));
  for (const { leafHash, cursor } of receipts)
    if (cursor !== null) output.line(`receipt ${leafHash} is record ${cursor}`);
  const read = [
    records > 0 || proofs === 0 ? `${records} records, ${signedRecords} of them under signed heads` : undefined,
    proofs > 0 ? `${proofs} proofs` : undefined,
    `${heads} heads, ${keptHeads} of them kept`,
  ].filter((part) => part !== undefined);
  output.line(`${read.join('; ')}: ${verdict(output, findings)}`);
}

function verdict(output: Output, { proved, problems }: Findings): string {
  if (proved) return output.style('green', 'proved');
  return problems.length > 0 ? output.style('red', 'NOT what was signed') : output.style('yellow', 'NOT proved');
}
