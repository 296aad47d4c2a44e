// generate_prometheus_yaml: a configuration and the rules beside it, as texts and as files to download. What compose and
// k8s/ have comes from here too.
import type { Call, mechanic, ToolInput, ToolOutput } from '@labmesh/contracts';
import { LAB_CONFIG, type LabConfig } from '@labmesh/runtime';
import { Inject, Injectable } from '@nestjs/common';
import { type Alert, alertsFor } from './alerts.js';
import { DASHBOARD, dashboardUrl } from './dashboard.js';
import { type Wanted, wanted } from './wanted.js';
import { WrittenFiles } from './written-files.repository.js';

type Generate = typeof mechanic.tools.generate_prometheus_yaml;

const YAML = 'application/yaml';

@Injectable()
export class Monitoring {
  constructor(
    @Inject(LAB_CONFIG) private readonly config: Pick<LabConfig, 'publicUrl' | 'natsUrl'>,
    @Inject(WrittenFiles) private readonly written: Pick<WrittenFiles, 'keep'>,
  ) {}

  /** @throws AppError invalid_input for wishes that contradict each other */
  async generate(
    input: ToolInput<Generate>,
    { principal, signal }: Pick<Call, 'principal' | 'signal'>,
  ): Promise<ToolOutput<Generate>> {
    const what = wanted(input, this.config);
    const alerts = alertsFor(what);
    const { project, grafanaUrl, rulesFile } = what;
    const url = grafanaUrl === undefined ? null : dashboardUrl(grafanaUrl);
    // What writes YAML is much code, and most labs never ask for this.
    const { configuration, ruleGroups, yaml } = await import('./prometheus-files.js');
    const [config, rules] = [configuration(what), yaml({ groups: ruleGroups(what) })];
    const files = [
      { name: 'prometheus.yml', mediaType: YAML, text: config },
      { name: rulesFile.split('/').at(-1) ?? rulesFile, mediaType: YAML, text: rules },
    ];
    const kept = input.files ? await this.written.keep(files, principal.walletId, signal) : [];
    return {
      ...{ config, rules, rulesFile },
      alerts: alerts.map(({ name, severity, meaning, remedy }) => ({ name, severity, meaning, remedy })),
      dashboard: project === undefined ? { ...DASHBOARD, url } : null,
      notes: notesOn(what, alerts),
      files: kept.map(({ blobId, name, mediaType, bytes }) => ({ blobId, name, mediaType, bytes })),
    };
  }
}

function notesOn({ own, targets, tokenFile, rulesFile, project }: Wanted, alerts: readonly Alert[]): string[] {
  const notes = [
    `Save config as prometheus.yml and rules as ${rulesFile} (relative to it); promtool check config prometheus.yml checks both.`,
    `${alerts.length} alerts. Without alertmanagers they show in Prometheus alone.`,
  ];
  if (own && targets.length > 1)
    notes.push(
      'The targets are the ports that a mesh on one machine takes by itself; name targets where yours differ.',
    );
  if (tokenFile !== undefined) notes.push(`Prometheus must be able to read ${tokenFile}.`);
  if (project === undefined) notes.push(`Import ${DASHBOARD.file} into Grafana for the dashboard.`);
  return notes;
}
