// The monitoring that comes with LabMesh, written by the same code as the tool's answers: for docker-compose.yml and for clusters
// with the Prometheus operator. monitoring.spec.ts holds the files to it.
import { mechanic } from '@labmesh/contracts';
import { configuration, ruleGroups, yaml } from './prometheus-files.js';
import { wanted } from './wanted.js';

const BY =
  '# Written by the Mechanic, as mechanic_generate_prometheus_yaml does; monitoring.spec.ts there holds it to that.\n';
const RULES_FILE = 'prometheus-rules.yml';

/** Text of each file, by its path in the repository. */
export function shippedFiles(): Readonly<Record<string, string>> {
  const input = mechanic.tools.generate_prometheus_yaml.input.parse({ discovery: 'dns', rulesFile: RULES_FILE });
  const what = wanted(input, { publicUrl: 'http://127.0.0.1:3000' });
  const groups = ruleGroups(what);
  return {
    'container/prometheus.yml': `# What Prometheus of docker-compose.yml watches.\n${BY}${configuration(what)}`,
    [`container/${RULES_FILE}`]: `# What Prometheus of docker-compose.yml alerts of.\n${BY}${yaml({ groups })}`,
    'k8s/monitoring/prometheus-rule.yaml': `# What the Prometheus operator alerts of.\n${BY}${yaml(operatorRule(groups))}`,
  };
}

const operatorRule = (groups: readonly object[]): object => ({
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'PrometheusRule',
  metadata: { name: 'labmesh', labels: { 'app.kubernetes.io/part-of': 'labmesh' } },
  spec: { groups },
});
