// The log's tree: grows by the records that were stored since its last signed head, and proves what is in it. A tree that does
// not agree with what was signed is never signed again: whoever altered it must not get a head that says otherwise.
import { AppError } from '@labmesh/contracts';
import {
  consistencyProof,
  Frontier,
  inclusionProof,
  openCheckpoint,
  perfectSubtrees,
  rootOf,
  type Subtree,
  signCheckpoint,
  type TreeHead,
} from '@labmesh/transparency';
import { Inject, Injectable } from '@nestjs/common';
import { CLOCK, type Clock } from '../clock.js';
import { AuditTreeRepository, type Growth, type SignedHead, TILE_HEIGHT } from './audit-tree.repository.js';
import { LogKey } from './log-key.js';

/** Most leaves that one head adds; more follow with the next. */
const GROWTH_MAX = 20_000;
/** Replicas that sign at once: each round one of them wins. */
const ROUNDS_MAX = 20;

@Injectable()
export class AuditTree {
  /** The right edge under the newest head this process knows. */
  #edge: Frontier | undefined;

  constructor(
    @Inject(AuditTreeRepository) private readonly repository: AuditTreeRepository,
    @Inject(LogKey) private readonly key: LogKey,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Signs for the records that came since the newest head. Undefined when there are none; `more` when there may be others,
   * since a head adds only so many.
   * @throws AppError conflict when what is stored is not what was signed
   */
  async grow(): Promise<(SignedHead & { readonly more: boolean }) | undefined> {
    for (let round = 0; round < ROUNDS_MAX; round += 1) {
      const newest = await this.repository.newestHead();
      const size = newest?.size ?? 0;
      const leaves = await this.repository.leaves(size, size + GROWTH_MAX);
      if (leaves.length === 0) return undefined;
      const edge = await this.#edgeAt(newest);
      this.#edge = undefined;
      const head = await this.#signed(edge, leaves);
      if (await this.repository.grow(head, new Date(this.clock()))) {
        this.#edge = edge;
        return { size: head.size, checkpoint: head.checkpoint, more: leaves.length === GROWTH_MAX };
      }
    }
    throw new AppError('unavailable', 'Cannot sign the audit log: other replicas were always first. Try again.');
  }

  /** Hashes from leaf `index`, counted from 0, up to the root of the first `size` leaves. */
  inclusion(index: number, size: number): Promise<Buffer[]> {
    return inclusionProof(this.#subtree, index, size);
  }

  consistency(older: number, newer: number): Promise<Buffer[]> {
    return consistencyProof(this.#subtree, older, newer);
  }

  /** What was signed, when it was this log's key that signed it. */
  async opened({ checkpoint }: SignedHead): Promise<TreeHead | undefined> {
    return openCheckpoint(checkpoint, (await this.key.load()).verifier);
  }

  async #signed(edge: Frontier, leaves: readonly Buffer[]): Promise<Growth> {
    const { privateKey, verifier } = await this.key.load();
    const previousSize = edge.size;
    const subtrees: Array<Growth['subtrees'][number]> = [];
    for (const leaf of leaves) {
      edge.append(leaf, (subtree, hash) => {
        if (subtree.height % TILE_HEIGHT === 0) subtrees.push({ subtree, hash });
      });
    }
    const { size, root } = edge;
    return { size, previousSize, checkpoint: signCheckpoint({ size, root }, verifier.name, privateKey), subtrees };
  }

  async #edgeAt(head: SignedHead | undefined): Promise<Frontier> {
    const size = head?.size ?? 0;
    if (this.#edge?.size === size) return this.#edge;
    const edge = Frontier.of(size, await Promise.all(perfectSubtrees(0, size).map(this.#subtree)));
    const signed = head === undefined ? undefined : await this.opened(head);
    if (head !== undefined && signed?.root.equals(edge.root) !== true)
      throw new AppError(
        'conflict',
        `The audit log is not what was signed at ${size} records: sentinel_audit_verify says where. Restore the database; until then no new record is signed for.`,
      );
    return edge;
  }

  /** Within a tile from the hashes at its foot, which are stored. */
  readonly #subtree = async ({ height, index }: Subtree): Promise<Buffer> => {
    const foot = height - (height % TILE_HEIGHT);
    const width = 2 ** (height - foot);
    const [begin, end] = [index * width, (index + 1) * width];
    const hashes = await (foot === 0 ? this.repository.leaves(begin, end) : this.repository.subtrees(foot, begin, end));
    if (hashes.length !== width)
      throw new AppError(
        'conflict',
        `The audit log has a gap between records ${begin * 2 ** foot + 1} and ${end * 2 ** foot}: sentinel_audit_verify says where.`,
      );
    return rootOf(hashes);
  };
}
