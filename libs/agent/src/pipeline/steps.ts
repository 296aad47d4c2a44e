// The pipeline of every tool call, in the order a request meets it. This list is the only place where steps are put in order.
import { AppError, type Call, errorShape, gatewayName } from '@labmesh/contracts';
import type { CallRecorder } from '../audit/call-recorder.js';
import { canonicalHash } from '../audit/canonical-hash.js';
import type { PassVerifier } from '../identity/pass-verifier.js';
import { newId } from '../ids.js';
import type { Logger } from '../log.js';
import type { Metrics } from '../metrics.js';
import { decide } from '../tokens/decision.js';
import type { TraceHeaders } from '../tracing/trace-context.js';
import type { Tracer } from '../tracing/tracer.js';
import type { Outcome, Step, ToolRun } from './tool-run.js';
import { agentHop, endHop, logFailure, logRun } from './traces.js';

export interface StepServices {
  readonly passes: PassVerifier;
  readonly recorder: CallRecorder;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly log: Logger;
}

export const stepsOf = (services: StepServices): readonly Step[] => [
  trace(services),
  measure(services),
  audit(services),
  authorize(services),
  validateInput,
  limit,
  validateOutput,
  handle,
];

/** Runs the steps around each other, outermost first. */
export const compose =
  (steps: readonly Step[]) =>
  (run: ToolRun): Promise<unknown> => {
    const from = (index: number): Promise<unknown> => {
      const step = steps[index];
      return step === undefined
        ? Promise.reject(new Error('the last step must not call next'))
        : step(run, () => from(index + 1));
    };
    return from(0);
  };

/** Goes on with the caller's trace. Logs bugs with their cause under the call's id; what leaves is `internal` without it. */
const trace =
  ({ tracer, log }: StepServices): Step =>
  async (run, next) => {
    const hop = agentHop(tracer, run);
    if (hop !== undefined) run.trace = hop.context;
    const started = performance.now();
    let outcome: Outcome = 'ok';
    try {
      return await next();
    } catch (error) {
      const shape = errorShape(error);
      outcome = shape.code;
      if (shape.code === 'internal') logFailure(log, run, error);
      throw error instanceof AppError
        ? error
        : new AppError(shape.code, shape.message, { cause: error, details: shape.details });
    } finally {
      endHop(hop, outcome);
      logRun(log, run, { outcome, seconds: (performance.now() - started) / 1_000 });
    }
  };

const measure =
  ({ metrics }: StepServices): Step =>
  async (run, next) => {
    const ended = metrics.callBegins(run.agent);
    const started = performance.now();
    let outcome: Outcome = 'ok';
    try {
      return await next();
    } catch (error) {
      outcome = errorShape(error).code;
      throw error;
    } finally {
      ended();
      metrics.call(run.agent, run.tool, outcome, (performance.now() - started) / 1_000);
    }
  };

/** Public tools leave a record whatever happens; one that changes something answers only when its record is durable. */
const audit =
  ({ recorder }: StepServices): Step =>
  async (run, next) => {
    if (run.spec.visibility === 'internal') return next();
    const started = performance.now();
    const finish = async (outcome: Outcome, output: unknown): Promise<void> => {
      const denied = outcome === 'forbidden' || outcome === 'unauthenticated';
      const record = {
        id: newId(),
        callId: run.headers['call-id'] ?? '',
        at: new Date().toISOString(),
        walletId: run.principal.walletId || null,
        credentialId: run.principal.credentialId || null,
        chain: [...run.chain],
        agent: run.agent,
        tool: run.tool,
        decision: denied ? ('deny' as const) : ('allow' as const),
        outcome,
        durationMs: Math.round((performance.now() - started) * 1_000) / 1_000,
        inputHash: canonicalHash(run.body),
        outputHash: output === undefined ? null : canonicalHash(output),
      };
      if (run.spec.effect === 'read') recorder.record(record);
      else await recorder.recordDurably(record);
    };
    let output: unknown;
    try {
      output = await next();
    } catch (error) {
      await finish(errorShape(error).code, undefined);
      throw error;
    }
    await finish('ok', output);
    return output;
  };

/** The pass is verified here, by the agent itself, whatever the caller already checked. */
const authorize =
  ({ passes }: StepServices): Step =>
  async (run, next) => {
    const pass = run.headers.pass;
    if (pass !== undefined) {
      const verified = await passes.verify(pass, run.agent);
      run.principal = verified.principal;
      run.chain = verified.chain;
    }
    if (run.spec.permission !== null) {
      if (pass === undefined)
        throw new AppError(
          'unauthenticated',
          `Cannot call ${gatewayName(run.agent, run.tool)}: no pass came with the call`,
        );
      const verdict = decide(
        run.principal,
        { agent: run.agent, tool: run.tool, spec: run.spec },
        { internal: true, acting: run.chain.length > 0 },
      );
      if (!verdict.decision) throw new AppError('forbidden', verdict.reason);
    }
    return next();
  };

const validateInput: Step = async (run, next) => {
  if (holdsNul(run.body)) {
    throw new AppError(
      'invalid_input',
      `Cannot run ${gatewayName(run.agent, run.tool)}: a text holds the character NUL (U+0000), which cannot be stored; leave it out`,
    );
  }
  const parsed = run.spec.input.safeParse(run.body ?? {});
  if (!parsed.success) {
    const issues = parsed.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    const listed = issues.slice(0, 5).map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
    throw new AppError(
      'invalid_input',
      `Cannot run ${gatewayName(run.agent, run.tool)} with this input: ${listed.join('; ')}`,
      { details: { issues: issues.slice(0, 20) } },
    );
  }
  run.input = parsed.data;
  return next();
};

/** PostgreSQL stores no NUL in text, so no tool takes one. */
function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\0');
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, item]) => key.includes('\0') || holdsNul(item));
}

/** The handler's signal fires when the caller gives up or the time is over, whichever comes first. */
const limit: Step = async (run, next) => {
  const asked = Number(run.headers.deadline);
  const most = Date.now() + run.spec.timeoutMs;
  run.deadline = Number.isFinite(asked) && asked > 0 ? Math.min(asked, most) : most;
  const abort = run.cancelled;
  run.signal = abort.signal;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    abort.signal.addEventListener(
      'abort',
      () =>
        reject(
          abort.signal.reason instanceof AppError
            ? abort.signal.reason
            : new AppError('cancelled', 'The caller went away before the answer'),
        ),
      { once: true },
    );
    timer = setTimeout(
      () =>
        abort.abort(
          new AppError('deadline_exceeded', `${gatewayName(run.agent, run.tool)} did not finish within its time limit`),
        ),
      Math.max(0, run.deadline - Date.now()),
    );
  });
  over.catch(() => {});
  try {
    return await Promise.race([next(), over]);
  } finally {
    clearTimeout(timer);
  }
};

/** A wrong answer is a bug of the agent, not of the caller. */
const validateOutput: Step = async (run, next) => {
  const parsed = run.spec.output.safeParse(await next());
  if (!parsed.success)
    throw new Error(
      `${gatewayName(run.agent, run.tool)} answered what its contract does not allow: ${parsed.error.message}`,
    );
  return parsed.data;
};

const handle: Step = async (run) => {
  const trace: TraceHeaders | undefined = run.trace;
  const call: Call = {
    id: run.headers['call-id'] ?? '',
    principal: run.principal,
    chain: run.chain,
    deadline: run.deadline,
    signal: run.signal,
    pass: run.headers.pass ?? '',
    ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
    ...(trace?.tracestate === undefined ? {} : { tracestate: trace.tracestate }),
  };
  const answer = run.handler(run.input, call);
  return run.spec.progress === undefined ? answer : drain(answer as AsyncGenerator, run);
};

/** Passes on what a streaming handler yields; closes it when the call is given up. */
async function drain(stream: AsyncGenerator, run: ToolRun): Promise<unknown> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
    if (run.signal.aborted) {
      await stream.return(undefined);
      throw run.signal.reason;
    }
    run.onProgress(value);
  }
}
