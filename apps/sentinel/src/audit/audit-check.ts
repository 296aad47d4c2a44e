// audit_verify: reads the whole log anew against what was signed, in the database and in the witness file. It trusts no stored
// hash: what a record hashes to is computed from the record.
import { AppError, type Call, type sentinel, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { entryHash, Frontier } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';
import { AuditRepository } from './audit.repository.js';
import { AuditTree } from './audit-tree.js';
import { AuditTreeRepository, type SignedHead } from './audit-tree.repository.js';
import { LogKey } from './log-key.js';
import { WitnessFile } from './witness-file.js';

type Verify = (typeof sentinel.tools)['audit_verify'];
type Answer = ToolOutput<Verify>;
interface Problem {
  cursor?: string;
  problem: string;
}
interface Progress {
  progress: number;
  total: number;
  message: string;
}

const PAGE = 1_000;
const HEADS_PAGE = 10_000;
const PROBLEMS_MAX = 100;

/** Tree heads by size, with where they come from; every one that is signed is checked. */
type Signed = Map<number, Array<{ readonly root: Buffer; readonly from: string }>>;

@Injectable()
export class AuditCheck {
  constructor(
    @Inject(AuditRepository) private readonly records: AuditRepository,
    @Inject(AuditTreeRepository) private readonly repository: AuditTreeRepository,
    @Inject(AuditTree) private readonly tree: AuditTree,
    @Inject(WitnessFile) private readonly witness: WitnessFile,
    @Inject(LogKey) private readonly key: LogKey,
  ) {}

  /** @throws AppError not_found for a size that no head has */
  async *verify(input: ToolInput<Verify>, call: Pick<Call, 'signal'>): AsyncGenerator<Progress, Answer, void> {
    const problems: Problem[] = [];
    const note = (problem: Problem): void => void (problems.length < PROBLEMS_MAX && problems.push(problem));
    const [older, newer] = await this.#ends(input);
    const { signed, checkedHeads } = await this.#signed(note);
    const checkedRecords = yield* this.#walk({ signed, note, signal: call.signal });
    let last = 0;
    for (const size of signed.keys()) last = Math.max(last, size);
    if (last > checkedRecords)
      note({ problem: `records ${checkedRecords + 1} to ${last} were signed for and are gone: the log was cut` });
    const proof = older && newer && problems.length === 0 ? await this.tree.consistency(older.size, newer.size) : [];
    return {
      intact: problems.length === 0,
      problems,
      checkedRecords,
      checkedHeads,
      unsignedRecords: Math.max(0, checkedRecords - last),
      ...(older === undefined ? {} : { older }),
      ...(newer === undefined ? {} : { newer }),
      proof: proof.map((hash) => hash.toString('hex')),
      verifierKey: (await this.key.load()).text,
    };
  }

  async #ends({ olderSize, newerSize }: ToolInput<Verify>): Promise<Array<SignedHead | undefined>> {
    if (olderSize !== undefined && newerSize !== undefined && olderSize > newerSize)
      throw new AppError('invalid_input', `Cannot show growth from ${olderSize} records to ${newerSize}: swap the two`);
    const exact = async (size: number): Promise<SignedHead> => {
      const head = await this.repository.headFrom(size);
      if (head?.size === size) return head;
      throw new AppError(
        'not_found',
        `There is no signed head over ${size} records${head === undefined ? '' : `; the next is over ${head.size}`}`,
      );
    };
    return [
      olderSize === undefined ? await this.repository.headFrom(1) : await exact(olderSize),
      newerSize === undefined ? await this.repository.newestHead() : await exact(newerSize),
    ];
  }

  async #signed(note: (problem: Problem) => void): Promise<{ signed: Signed; checkedHeads: number }> {
    const signed: Signed = new Map();
    let checkedHeads = 0;
    const add = async (head: SignedHead | undefined, from: string): Promise<void> => {
      checkedHeads += 1;
      const opened = head === undefined ? undefined : await this.tree.opened(head);
      if (opened === undefined || opened.size !== head?.size)
        return note({
          problem: `a head ${from}${head === undefined ? '' : ` (${head.size} records)`} is not signed by the log’s key`,
        });
      const there = signed.get(opened.size) ?? [];
      if (!there.some(({ root }) => root.equals(opened.root))) there.push({ root: opened.root, from });
      signed.set(opened.size, there);
    };
    for (let after = 0; ; ) {
      const page = await this.repository.heads(after, HEADS_PAGE);
      for (const head of page) await add(head, 'in the database');
      after = page.at(-1)?.size ?? after;
      if (page.length < HEADS_PAGE) break;
    }
    for await (const head of this.witness.heads()) await add(head, `in ${this.witness.path}`);
    return { signed, checkedHeads };
  }

  /** Goes through all records. Returns the last place that has one, so that gaps are no records. */
  async *#walk(log: {
    signed: Signed;
    note: (problem: Problem) => void;
    signal: Pick<AbortSignal, 'aborted'>;
  }): AsyncGenerator<Progress, number, void> {
    const total = Number(await this.records.newestCursor());
    const frontier = new Frontier();
    let place = 0;
    let good = 0;
    let diverged = false;
    for (;;) {
      const page = await this.records.stored(BigInt(place), PAGE);
      for (const { cursor, record, leafHash } of page) {
        const at = Number(cursor);
        if (at !== place + 1) {
          log.note({
            problem:
              place + 2 === at ? `record ${place + 1} is missing` : `records ${place + 1} to ${at - 1} are missing`,
          });
          diverged = true;
        }
        place = at;
        const hash = entryHash(record);
        if (leafHash?.equals(hash) !== true)
          log.note({ cursor: String(at), problem: `record ${at} is not what was recorded: it was changed` });
        frontier.append(leafHash ?? hash);
        const heads = diverged ? undefined : log.signed.get(at);
        if (heads === undefined) continue;
        const { root } = frontier;
        for (const head of heads.filter((signed) => !signed.root.equals(root))) {
          diverged = true;
          log.note({ problem: `records ${good + 1} to ${at} are not those that the head ${head.from} was signed for` });
        }
        if (!diverged) good = at;
      }
      if (page.length > 0) yield { progress: place, total, message: `${place} of ${total} records` };
      if (page.length < PAGE || log.signal.aborted) return place;
    }
  }
}
