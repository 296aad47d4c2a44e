// Tells whoever asks how this process scores: figures only. Every process of the lab answers.
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { ProcessScoring, type ScoringState } from './process-scoring.js';

/** Subject on which every process answers with its `ScoringFigures` when it is scattered. */
export const SCORING_SUBJECT = 'labmesh.$scoring';

export interface ScoringFigures {
  readonly state: ScoringState;
  readonly scored: number;
  readonly dropped: number;
}

@Controller()
export class ScoringStateTeller {
  constructor(@Inject(ProcessScoring) private readonly scoring: ProcessScoring) {}

  @MessagePattern(SCORING_SUBJECT, { queue: '' })
  tell(): ScoringFigures {
    const { state, counts } = this.scoring;
    return { state, ...counts };
  }
}
