// What k8s/ makes of each overlay, against the rest of the project: a forgotten agent, a setting or a port that does not exist, a
// pod with more rights than it needs, a policy that leaves somebody out. validate.sh builds the overlays and names their folder.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { AGENTS, gateway, WORKER } from '@labmesh/contracts';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { composeFile, dockerfile, documentedSettings } from '../harness/compose-file.js';

const APPS = [gateway.name, ...AGENTS.map(({ name }) => name), WORKER];

interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: Array<{ name: string }>;
  envFrom?: Array<{ configMapRef: { name: string } }>;
  ports?: Array<{ name: string; containerPort: number }>;
  securityContext: {
    allowPrivilegeEscalation: boolean;
    readOnlyRootFilesystem: boolean;
    capabilities: { drop: string[]; add?: string[] };
  };
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts: Array<{ name: string; mountPath: string }>;
  [probe: `${string}Probe`]: { httpGet?: { path: string; port: string } };
}
interface Pod {
  metadata: { labels: Record<string, string> };
  spec: {
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds: number;
    securityContext: { runAsNonRoot: boolean; runAsUser: number; seccompProfile: { type: string } };
    containers: Container[];
    initContainers?: Container[];
    volumes: Array<{ name: string; secret?: { secretName: string } }>;
    topologySpreadConstraints: unknown[];
  };
}
type Selector = { matchLabels?: Record<string, string> };
interface Rule {
  from?: Array<{ podSelector?: Selector; namespaceSelector?: Selector }>;
  to?: Array<{ podSelector?: Selector; namespaceSelector?: Selector; ipBlock?: { cidr: string } }>;
  ports: Array<{ port: number | string }>;
}
interface Resource {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  // Each kind has its own form; the schemas of Kubernetes have been asked before.
  spec: {
    template: Pod;
    selector: Record<string, string> & Selector;
    ports: Array<{ name: string; port: number; targetPort: string }>;
    scaleTargetRef: { kind: string; name: string };
    minReplicas: number;
    podSelector: Selector;
    policyTypes: string[];
    ingress?: Rule[];
    egress?: Rule[];
    endpoints: Array<{ port: string; path: string }>;
    groups: object[];
    rules: Array<{ http: { paths: Array<{ backend: { service: { name: string; port: { name: string } } } }> } }>;
  };
}

const SERVING = ['Deployment', 'StatefulSet'];
const matches = ({ matchLabels = {} }: Selector, labels: Record<string, string>): boolean =>
  Object.entries(matchLabels).every(([name, value]) => labels[name] === value);

const resourcesOf = (folder: string, file: string): Resource[] =>
  parseAllDocuments(readFileSync(join(folder, `${file}.yaml`), 'utf8')).flatMap(
    (document) => (document.toJS() as Resource | null) ?? [],
  );

describe.each(['dev', 'production'])('k8s/overlays/%s', (overlay) => {
  const folder = process.env.LABMESH_MANIFESTS;
  if (folder === undefined) throw new Error('run this by npm run test:manifests, which builds the overlays first');
  const all = resourcesOf(folder, overlay);
  const of = (...kinds: string[]): Resource[] => all.filter(({ kind }) => kinds.includes(kind));
  const named = (name: string, ...kinds: string[]): Resource => {
    const found = of(...kinds).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`${overlay} has no ${kinds.join(' or ')} ${name}: add it`);
    return found;
  };
  const appOf = (name: string): { pod: Pod; container: Container } => {
    const pod = named(name, ...SERVING).spec.template;
    const [container] = pod.spec.containers;
    if (container === undefined) throw new Error(`${name} has no container`);
    return { pod, container };
  };
  const pods = of(...SERVING, 'Job').map(({ metadata, spec }) => ({ name: metadata.name, pod: spec.template }));
  const containers = pods.flatMap(({ name, pod }) =>
    [...pod.spec.containers, ...(pod.spec.initContainers ?? [])].map((container) => ({ name, pod, container })),
  );

  it('has every app with its own program, service and secret', () => {
    for (const app of APPS) {
      const { pod, container } = appOf(app);
      expect([app, container.args]).toEqual([app, [app]]);
      expect([app, pod.spec.volumes.map(({ secret }) => secret?.secretName)]).toEqual([
        app,
        expect.arrayContaining([`labmesh-${app}`]),
      ]);
      const { selector, ports } = named(app, 'Service').spec;
      expect([app, matches({ matchLabels: selector }, pod.metadata.labels)]).toEqual([app, true]);
      expect(ports).toEqual([{ name: 'http', port: Number(dockerfile().env.PORT), targetPort: 'http' }]);
      expect(container.ports).toEqual([{ name: 'http', containerPort: Number(dockerfile().env.PORT) }]);
    }
    expect(new Set(APPS.map((app) => appOf(app).container.image)).size).toBe(1);
  });

  it('asks each app whether it lives, and whether it is ready', () => {
    for (const app of APPS) {
      const { container } = appOf(app);
      expect([app, container.livenessProbe?.httpGet?.path]).toEqual([app, '/healthz']);
      expect([app, container.readinessProbe?.httpGet?.path]).toEqual([app, '/readyz']);
      expect([app, container.startupProbe?.httpGet?.path]).toEqual([app, '/healthz']);
    }
  });

  it('gives each app longer to stop than it drains', () => {
    const settings = named(nameOfSettings(), 'ConfigMap').data ?? {};
    const drainMs = Number(settings.LABMESH_DRAIN_LEAD_MS) + 10_000;
    for (const app of APPS)
      expect([app, appOf(app).pod.spec.terminationGracePeriodSeconds * 1_000 > drainMs + 5_000]).toEqual([app, true]);
  });

  const nameOfSettings = (): string => appOf(gateway.name).container.envFrom?.[0]?.configMapRef.name ?? '';

  it('names no setting that does not exist', () => {
    const known = documentedSettings();
    const settings = Object.keys(named(nameOfSettings(), 'ConfigMap').data ?? {});
    const own = APPS.flatMap((app) => (appOf(app).container.env ?? []).map(({ name }) => name));
    expect([...settings, ...own].filter((name) => !known.has(name))).toEqual([]);
  });

  it('gives no container more than it needs', () => {
    for (const { name, pod, container } of containers) {
      const { securityContext } = pod.spec;
      expect([name, securityContext.runAsNonRoot, securityContext.runAsUser > 0]).toEqual([name, true, true]);
      expect([name, securityContext.seccompProfile.type]).toEqual([name, 'RuntimeDefault']);
      expect([name, pod.spec.automountServiceAccountToken]).toEqual([name, false]);
      expect([name, container.securityContext]).toEqual([
        name,
        { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
      ]);
      expect([name, Object.keys(container.resources.requests).sort()]).toEqual([name, ['cpu', 'memory']]);
      expect([name, Object.keys(container.resources.limits)]).toEqual([name, ['memory']]);
    }
    expect(named(overlay === 'dev' ? 'labmesh-dev' : 'labmesh', 'Namespace').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('refers to secrets that k8s/secrets.sh makes, and mounts them where their settings say', () => {
    const made = new Map(
      resourcesOf(folder, 'secrets').map(({ metadata, data = {} }) => [metadata.name, Object.keys(data).sort()]),
    );
    const asked = pods.flatMap(({ pod }) => pod.spec.volumes.flatMap(({ secret }) => secret?.secretName ?? []));
    expect(asked.filter((name) => !made.has(name))).toEqual([]);
    const seed = basename(named(nameOfSettings(), 'ConfigMap').data?.NATS_NKEY_FILE ?? '');
    for (const app of APPS)
      expect([app, made.get(`labmesh-${app}`)]).toEqual([
        app,
        [...(app === 'sentinel' ? ['master-key.env'] : []), seed, 'settings.env'],
      ]);
  });

  it('holds no value of a secret', () => {
    expect(of('Secret')).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(/:\/\/[^/"]*:[^/"]*@|lmk_|SU[A-Z2-7]{56}|PRIVATE KEY/);
  });

  it('keeps all apart, but for the ways that they need', () => {
    const policies = of('NetworkPolicy');
    expect(named('nobody', 'NetworkPolicy').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    /** Ports that a pod may reach by some policy, names resolution left out. */
    const reaches = ({ metadata }: Pod): Array<number | string> =>
      policies
        .filter(({ spec }) => matches(spec.podSelector, metadata.labels))
        .flatMap(({ spec }) => spec.egress ?? [])
        .flatMap(({ ports }) => ports.map(({ port }) => port))
        .filter((port) => port !== 53)
        .sort();
    const { services } = composeFile();
    const PORTS: Readonly<Record<string, number>> = { bus: 4222, database: 5432, queue: 6379 };
    for (const app of [...APPS, 'migrate']) {
      const pod = named(app, ...SERVING, 'Job').spec.template;
      // The same least privilege as on one machine.
      const files = overlay === 'production' && services[app]?.environment?.BLOBS_URL !== undefined ? [443] : [];
      const servers = (services[app]?.networks ?? []).flatMap((network) => PORTS[network] ?? []);
      const expected = [...servers, ...files].sort();
      expect([app, reaches(pod)]).toEqual([app, expected]);
    }
  });

  if (overlay === 'production') {
    it('has two replicas of each app and more under load, and takes one at a time', () => {
      for (const app of APPS) {
        const { scaleTargetRef, minReplicas } = named(app, 'HorizontalPodAutoscaler').spec;
        expect([app, minReplicas >= 2]).toEqual([app, true]);
        expect(named(scaleTargetRef.name, scaleTargetRef.kind).metadata.name).toBe(app);
        const budget = named(app, 'PodDisruptionBudget').spec;
        expect([app, matches(budget.selector, appOf(app).pod.metadata.labels)]).toEqual([app, true]);
        expect(appOf(app).pod.spec.topologySpreadConstraints).toHaveLength(1);
      }
    });

    it('lets requests in by the gateway alone', () => {
      const backends = of('Ingress').flatMap(({ spec }) =>
        spec.rules.flatMap(({ http }) => http.paths.map(({ backend }) => backend.service)),
      );
      expect(backends).toEqual([{ name: gateway.name, port: { name: 'http' } }]);
      expect(named('ingress', 'NetworkPolicy').spec.podSelector).toEqual({
        matchLabels: { 'app.kubernetes.io/name': gateway.name },
      });
    });

    it('lets Prometheus watch every app, and gives Grafana the dashboard', () => {
      const { selector, endpoints } = named('labmesh', 'ServiceMonitor').spec;
      expect(endpoints).toEqual([expect.objectContaining({ port: 'http', path: '/metrics' })]);
      for (const app of APPS)
        expect([app, matches(selector, named(app, 'Service').metadata.labels ?? {})]).toEqual([app, true]);
      expect(named('labmesh', 'PrometheusRule').spec.groups).toHaveLength(1);
      const dashboard = named('labmesh-dashboard', 'ConfigMap').data?.['grafana-dashboard.json'] ?? '{}';
      expect(JSON.parse(dashboard)).toMatchObject({ uid: 'labmesh' });
    });
  } else {
    it('gives the folder for files to those that keep files, take and give them', () => {
      const { services } = composeFile();
      const place = new URL(named(nameOfSettings(), 'ConfigMap').data?.BLOBS_URL ?? '').pathname;
      for (const app of APPS) {
        const mounted = appOf(app).container.volumeMounts.some(({ mountPath }) => mountPath === place);
        expect([app, mounted]).toEqual([app, services[app]?.environment?.BLOBS_URL !== undefined]);
      }
      expect(of('PersistentVolumeClaim')).toHaveLength(1);
    });

    it('has the servers, with a volume each', () => {
      for (const server of ['nats', 'postgres', 'redis']) {
        expect(named(server, 'StatefulSet').spec.template.spec.volumes).toContainEqual(
          expect.objectContaining({ secret: expect.objectContaining({ secretName: `labmesh-${server}` }) }),
        );
        expect(named(server, 'Service').spec.ports).toHaveLength(1);
      }
    });
  }
});
