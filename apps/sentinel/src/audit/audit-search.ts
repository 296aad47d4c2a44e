// audit_query and audit_proof: finding records, and the proof that one is in the signed log. Who may only see their own calls
// is told of no others.
import { AppError, type Call, type sentinel, severityOf, type ToolInput, type ToolOutput } from '@labmesh/contracts';
import { entryHash } from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';
import { type AuditEntry, AuditRepository, type StoredEntry } from './audit.repository.js';
import { AuditTree } from './audit-tree.js';
import { AuditTreeRepository } from './audit-tree.repository.js';
import { LogKey } from './log-key.js';
import { TreeSigning } from './tree-signing.js';

type Tools = typeof sentinel.tools;
type Query = Tools['audit_query'];
type Heads = Tools['audit_heads'];
type Prove = Tools['audit_proof'];

/** A receipt arrives before its record is stored: how often, and how long apart, it is looked for. */
const LOOKS = 20;
const LOOK_EVERY_MS = 100;

export const shown = (entry: AuditEntry) => ({ ...entry, severity: severityOf(entry) });

@Injectable()
export class AuditSearch {
  constructor(
    @Inject(AuditRepository) private readonly records: AuditRepository,
    @Inject(AuditTreeRepository) private readonly trees: AuditTreeRepository,
    @Inject(AuditTree) private readonly tree: AuditTree,
    @Inject(TreeSigning) private readonly signing: TreeSigning,
    @Inject(LogKey) private readonly key: LogKey,
  ) {}

  async query({ before, limit, ...filter }: ToolInput<Query>): Promise<ToolOutput<Query>> {
    const found = await this.records.newest(before === undefined ? undefined : BigInt(before), filter, limit);
    const last = found.at(-1);
    return {
      records: found.map(shown),
      ...(found.length === limit && last !== undefined ? { next: last.cursor } : {}),
    };
  }

  /** audit_heads: all that is stored is signed for before the newest head is given. */
  async heads({ after, limit }: ToolInput<Heads>): Promise<ToolOutput<Heads>> {
    await this.signing.signNow();
    const newest = await this.trees.newestHead();
    const heads = await this.trees.heads(after, limit);
    return { heads, ...(newest === undefined ? {} : { newest }), verifierKey: (await this.key.load()).text };
  }

  /** @throws AppError invalid_input without exactly one of the two; not_found for what is not there or not the caller's */
  async prove(
    { leafHash, callId }: ToolInput<Prove>,
    call: Pick<Call, 'principal' | 'signal'>,
  ): Promise<ToolOutput<Prove>> {
    const by = leafHash !== undefined ? { leafHash } : callId !== undefined ? { callId } : undefined;
    if (by === undefined || (leafHash !== undefined && callId !== undefined))
      throw new AppError('invalid_input', 'Cannot prove a call without exactly one of leafHash and callId');
    const found = await this.#found(by, call);
    const index = Number(found.cursor) - 1;
    const head = await this.#headOver(index);
    const proof = await this.tree.inclusion(index, head.size);
    return {
      record: shown({ ...found.record, cursor: found.cursor.toString() }),
      leafHash: entryHash(found.record).toString('hex'),
      index,
      proof: proof.map((hash) => hash.toString('hex')),
      head,
      verifierKey: (await this.key.load()).text,
    };
  }

  async #found(
    by: { leafHash: string } | { callId: string },
    { principal, signal }: Pick<Call, 'principal' | 'signal'>,
  ): Promise<StoredEntry> {
    const any = principal.permissions.includes('audit:read');
    for (let look = 0; look < LOOKS && !signal.aborted; look += 1) {
      const found = await this.records.find(by);
      if (found !== undefined && (any || found.record.walletId === principal.walletId)) return found;
      if (found !== undefined) break;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new AppError(
      'not_found',
      'Cannot prove this call: its record is not in the log, or not yours. A record of a read is stored within a second; check the receipt, or ask the operator.',
    );
  }

  async #headOver(index: number) {
    const head = await this.trees.headFrom(index + 1);
    if (head !== undefined) return head;
    await this.signing.signNow();
    const signed = await this.trees.headFrom(index + 1);
    if (signed === undefined)
      throw new AppError('unavailable', 'Cannot prove this call yet: no signed head holds it. Try again in a second.');
    return signed;
  }
}
