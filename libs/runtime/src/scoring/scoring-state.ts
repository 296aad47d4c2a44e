// Tells whoever asks how this process scores: figures only. Every process of the lab answers.
import { SCORING_SUBJECT } from '@labmesh/bus';
import { Controller, Inject } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { ProcessScoring, type ScoringState } from './process-scoring.js';

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
