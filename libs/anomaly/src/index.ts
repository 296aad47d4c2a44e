// The door of @labmesh/anomaly: models that say how unusual something is, and the windows of a principal's behaviour.

export { BEHAVIOUR_FEATURES, BehaviourWindows, type ObservedCall } from './behaviour-windows.js';
export { type CallText, callTexts } from './call-text.js';
export { ModelCard, readModelFile } from './card.js';
export { csvCell, type LabelledRow, rowsOf } from './csv.js';
export type { Row } from './encoding.js';
export { type Figures, figuresOf, quantile, type Scored } from './figures.js';
export { ModelScorer, type ModelScorerOptions } from './model-scorer.js';
export { ScoringThread } from './scoring-thread.js';
export type { Reason, Score } from './verdict.js';
