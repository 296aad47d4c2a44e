-- Placement by functions: a session keeps the plans of what they ask, which took longer to plan than to run.

-- Nodes as they are now: what they have, what is taken, who works there.
CREATE FUNCTION "mechanic"."node_standings"() RETURNS TABLE (
    id text, cpu_milli integer, memory_mb integer, gpus integer, executors jsonb, drained_at timestamptz, drain_reason text,
    seen_at timestamptz, workers integer, running integer, taken_cpu_milli integer, taken_memory_mb integer, taken_gpus integer[]
) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
    SELECT n.id, n.cpu_milli, n.memory_mb, n.gpus, n.executors, n.drained_at::timestamptz, n.drain_reason,
           greatest(n.seen_at, w.seen), coalesce(w.alive, 0)::integer, coalesce(a.running, 0)::integer,
           coalesce(a.cpu, 0)::integer, coalesce(a.memory, 0)::integer, coalesce(g.taken, '{}')
      FROM "mechanic"."nodes" n
      LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE w.stopped_at IS NULL AND w.lease_until > clock_timestamp()) AS alive,
                                max(w.lease_until - make_interval(secs => w.lease_ms / 1000.0)) AS seen
                           FROM "mechanic"."workers" w WHERE w.node_id = n.id) w ON true
      LEFT JOIN LATERAL (SELECT count(*) AS running, sum(a.cpu_milli) AS cpu, sum(a.memory_mb) AS memory
                           FROM "mechanic"."job_attempts" a WHERE a.node_id = n.id AND a.state <> 'ended') a ON true
      LEFT JOIN LATERAL (SELECT array_agg(one ORDER BY one) AS taken
                           FROM "mechanic"."job_attempts" a, unnest(a.gpu_indexes) AS one
                          WHERE a.node_id = n.id AND a.state <> 'ended') g ON true;
END $$;

-- All that a choice is made of: nodes that take jobs, of each owner the p_each waiting jobs that come first, and what each owner has
-- now and has used within p_while_seconds: its largest share of what the lab has, times seconds.
CREATE FUNCTION "mechanic"."placement_view"(p_while_seconds integer, p_each integer, OUT living json, OUT waiting json, OUT uses json) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
    SELECT coalesce(json_agg(json_build_object('id', n.id, 'cpuMilli', n.cpu_milli, 'memoryMb', n.memory_mb, 'gpus', n.gpus,
               'executors', n.executors, 'takenCpuMilli', n.taken_cpu_milli, 'takenMemoryMb', n.taken_memory_mb,
               'takenGpus', n.taken_gpus) ORDER BY n.id), '[]')
      INTO living FROM "mechanic"."node_standings"() n WHERE n.workers > 0 AND n.drained_at IS NULL;

    -- From owner to owner along the index, and of each the first few.
    WITH RECURSIVE owners AS (
        (SELECT j.owner FROM "mechanic"."jobs" j WHERE j.state = 'waiting' AND j.unmet = 0 ORDER BY j.owner LIMIT 1)
        UNION ALL
        SELECT (SELECT j.owner FROM "mechanic"."jobs" j WHERE j.state = 'waiting' AND j.unmet = 0 AND j.owner > o.owner ORDER BY j.owner LIMIT 1)
          FROM owners o WHERE o.owner IS NOT NULL)
    SELECT coalesce(json_agg(json_build_object('jobId', w.id, 'owner', w.owner, 'role', w.role, 'executor', w.executor,
               'network', (w.spec ->> 'network')::boolean, 'diskMb', (w.spec #>> '{resources,diskMb}')::integer, 'cpuMilli', w.cpu_milli,
               'memoryMb', w.memory_mb, 'gpus', w.gpus, 'priority', w.priority, 'submittedAt', w.submitted_at, 'readyAt', w.ready_at,
               'gang', w.gang, 'gangSize', w.gang_size, 'attempts', w.attempts)
               ORDER BY w.owner, w.priority DESC, w.submitted_at, w.id), '[]')
      INTO waiting
      FROM owners o, LATERAL (
        SELECT j.* FROM "mechanic"."jobs" j
         WHERE j.owner = o.owner AND j.state = 'waiting' AND j.unmet = 0 AND j.ready_at <= clock_timestamp()
         ORDER BY j.priority DESC, j.submitted_at, j.id LIMIT p_each) w
     WHERE o.owner IS NOT NULL;

    WITH lab AS (
        SELECT sum(n.cpu_milli) AS cpu, sum(n.memory_mb) AS memory, sum(n.gpus) AS gpus FROM "mechanic"."nodes" n
         WHERE n.drained_at IS NULL AND EXISTS (
            SELECT 1 FROM "mechanic"."workers" w WHERE w.node_id = n.id AND w.stopped_at IS NULL AND w.lease_until > clock_timestamp())),
    used AS (
        SELECT j.owner, count(*) FILTER (WHERE a.state <> 'ended') AS running,
               coalesce(sum(a.cpu_milli) FILTER (WHERE a.state <> 'ended'), 0) AS cpu,
               coalesce(sum(cardinality(a.gpu_indexes)) FILTER (WHERE a.state <> 'ended'), 0) AS gpus,
               coalesce(sum(greatest(a.cpu_milli / greatest(lab.cpu, 1)::float8, a.memory_mb / greatest(lab.memory, 1)::float8,
                                     cardinality(a.gpu_indexes) / greatest(lab.gpus, 1)::float8)
                            * (60 + extract(epoch FROM coalesce(a.ended_at, clock_timestamp()) - a.placed_at))), 0)::float8 AS use
          FROM "mechanic"."job_attempts" a JOIN "mechanic"."jobs" j ON j.id = a.job_id, lab
         WHERE a.state <> 'ended' OR a.ended_at > clock_timestamp() - make_interval(secs => p_while_seconds)
         GROUP BY j.owner)
    SELECT coalesce(json_agg(json_build_object('owner', u.owner, 'running', u.running, 'cpuMilli', u.cpu, 'gpus', u.gpus, 'use', u.use)), '[]')
      INTO uses FROM used u;
END $$;

-- Begins attempts as they were chosen: [{jobId, node, gpus, unit}]. What still waits is locked first, so that the statement behind
-- it sees it as it stays: a unit of which one has ended meanwhile does not begin.
CREATE FUNCTION "mechanic"."place_jobs"(p_placings jsonb) RETURNS TABLE (job_id text, number integer, node_id text) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
    v_ids text[];
BEGIN
    SELECT array_agg(p ->> 'jobId') INTO v_ids FROM jsonb_array_elements(p_placings) p;
    PERFORM j.id FROM "mechanic"."jobs" j WHERE j.id = ANY(v_ids) AND j.state = 'waiting' AND j.unmet = 0 ORDER BY j.id FOR UPDATE;
    RETURN QUERY
    WITH p AS (
        SELECT * FROM jsonb_to_recordset(p_placings) AS p("jobId" text, node text, gpus integer[], unit text)
    ), broken AS (
        SELECT p.unit FROM p WHERE NOT EXISTS (
            SELECT 1 FROM "mechanic"."jobs" w WHERE w.id = p."jobId" AND w.state = 'waiting' AND w.unmet = 0)
    ), begun AS (
        UPDATE "mechanic"."jobs" j SET state = 'starting', attempts = j.attempts + 1, node_id = p.node FROM p
         WHERE j.id = ANY(v_ids) AND j.id = p."jobId" AND p.unit NOT IN (SELECT broken.unit FROM broken)
        RETURNING j.id, j.attempts, j.cpu_milli, j.memory_mb, p.node, p.gpus)
    INSERT INTO "mechanic"."job_attempts" AS a (job_id, number, node_id, cpu_milli, memory_mb, gpu_indexes)
    SELECT b.id, b.attempts, b.node, b.cpu_milli, b.memory_mb, b.gpus FROM begun b
    RETURNING a.job_id, a.number, a.node_id;
END $$;
