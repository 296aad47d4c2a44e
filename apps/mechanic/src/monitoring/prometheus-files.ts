// What Prometheus reads, as YAML: its configuration, and the rules beside it.
import { stringify } from 'yaml';
import { alertsFor } from './alerts.js';
import { dashboardUrl } from './dashboard.js';
import { scrapeConfig } from './scrape.js';
import type { Wanted } from './wanted.js';

/** Prometheus’ own default is the most that a scrape may take. */
const TIMEOUT_MAX_SECONDS = 10;

export function configuration(what: Wanted): string {
  const { scrapeSeconds, rulesFile, alertmanagers } = what;
  const interval = `${scrapeSeconds}s`;
  return yaml({
    global: {
      scrape_interval: interval,
      scrape_timeout: `${Math.min(scrapeSeconds, TIMEOUT_MAX_SECONDS)}s`,
      evaluation_interval: interval,
    },
    rule_files: [rulesFile],
    ...(alertmanagers.length === 0
      ? {}
      : { alerting: { alertmanagers: [{ static_configs: [{ targets: [...alertmanagers] }] }] } }),
    scrape_configs: [scrapeConfig(what)],
  });
}

/** As Prometheus reads them from a file, and the Prometheus operator from the `spec` of a PrometheusRule. */
export function ruleGroups(what: Wanted): object[] {
  const dashboard = what.project === undefined ? what.grafanaUrl : undefined;
  const rules = alertsFor(what).map(({ name, severity, expr, forMinutes, meaning, remedy }) => ({
    alert: name,
    expr,
    ...(forMinutes === 0 ? {} : { for: `${forMinutes}m` }),
    labels: { severity, ...(what.project === undefined ? {} : { project: what.project }) },
    annotations: {
      summary: meaning,
      description: remedy,
      ...(dashboard === undefined ? {} : { dashboard: dashboardUrl(dashboard) }),
    },
  }));
  return [{ name: what.job, rules }];
}

/** Without folds: a rule is one line, which can be found and compared. */
export const yaml = (value: unknown): string => stringify(value, { lineWidth: 0, singleQuote: true });
