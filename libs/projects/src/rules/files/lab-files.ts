// Files of the lab’s own making, and of Prometheus, which watches it.
import { z } from 'zod';
import { ProjectCard } from '../../project-card.js';
import { shapeRule } from './shape.js';

export const projectRecord = shapeRule({
  id: 'project-record',
  title: '.labmesh/project.json is not as instantiate_template made it',
  files: /^\.labmesh\/project\.json$/,
  schema: ProjectCard,
  see: 'docs/projects.md: without it the lab cannot bring the project to a newer template',
});

const Duration = z
  .string('must be a text')
  .regex(/^(?:\d+(?:ms|[smhdwy]))+$|^0$/, 'must be a time such as 15s or 1m')
  .optional();
const Targets = z.looseObject({
  targets: z.array(z.string().regex(/^[^/\s]+$/, 'must be host:port, without a scheme or a path'), 'must be a list'),
});

const Prometheus = z.looseObject(
  {
    global: z
      .looseObject({ scrape_interval: Duration, scrape_timeout: Duration, evaluation_interval: Duration })
      .nullable()
      .optional(),
    rule_files: z.array(z.string(), 'must be a list of paths').optional(),
    scrape_configs: z
      .array(
        z.looseObject({
          job_name: z.string('is missing, or no text').min(1),
          scrape_interval: Duration,
          scrape_timeout: Duration,
          metrics_path: z.string('must be a text').optional(),
          scheme: z.enum(['http', 'https'], 'must be http or https').optional(),
          static_configs: z.array(Targets, 'must be a list of { targets }').optional(),
        }),
        'must be a list of jobs',
      )
      .optional(),
  },
  'must be an object',
);

export const prometheus = shapeRule({
  id: 'prometheus',
  title: 'prometheus.yml is not as Prometheus wants it',
  files: /(^|\/)prometheus(\.[\w-]+)?\.ya?ml$/,
  schema: Prometheus,
  see: 'https://prometheus.io/docs/prometheus/latest/configuration/configuration/',
});
