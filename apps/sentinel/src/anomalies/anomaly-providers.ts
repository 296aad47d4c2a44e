// What the Sentinel's module needs for anomalies, in one list.
import type { Provider } from '@nestjs/common';
import { Anomalies } from './anomalies.js';
import { AnomaliesRepository } from './anomalies.repository.js';
import { AnomalyPolicies } from './anomaly-policies.js';
import { AnomalyReport } from './anomaly-report.js';
import { BehaviourFollower } from './behaviour-follower.js';
import { BehaviourProgressRepository } from './behaviour-progress.repository.js';
import { LookBack } from './look-back.js';
import { ModelCards } from './model-cards.js';
import { ObservedCallsRepository } from './observed-calls.repository.js';

export const ANOMALY_PROVIDERS: Provider[] = [
  Anomalies,
  AnomaliesRepository,
  AnomalyPolicies,
  AnomalyReport,
  BehaviourFollower,
  BehaviourProgressRepository,
  LookBack,
  ModelCards,
  ObservedCallsRepository,
];
