// The views of Security, and who has which: a view is there when the lab lists its tools for the caller.
import type { ToolInfo } from '../mcp/connection.js';

export const VIEWS = [
  { view: 'audit', label: 'Audit', needs: ['sentinel_audit_query', 'sentinel_audit_log_stream'] },
  { view: 'anomalies', label: 'Anomalies', needs: ['sentinel_anomaly_report'] },
  { view: 'policies', label: 'Policies', needs: ['sentinel_list_policies'] },
  { view: 'tokens', label: 'Tokens', needs: ['sentinel_list_tokens'] },
] as const;

export type View = (typeof VIEWS)[number];

export function viewsFor(tools: readonly Pick<ToolInfo, 'name'>[]): readonly View[] {
  const names = new Set(tools.map(({ name }) => name));
  return VIEWS.filter(({ needs }) => needs.every((name) => names.has(name)));
}
