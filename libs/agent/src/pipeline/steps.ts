// The pipeline of every tool call, in the order a request meets it. This list is the only place where steps are put in order.

import { type Cancellation, decodeAnswers } from '@labmesh/bus';
import {
  AppError,
  acceptedInput,
  agentOfBlob,
  blobUrl,
  type Call,
  errorShape,
  gatewayName,
  linksIn,
  type Outcome,
  refusedPass,
  ToolContent,
  toAppError,
} from '@labmesh/contracts';
import { lostConnection } from '@labmesh/db';
import { decide, type PassVerifier, type Policies } from '@labmesh/identity';
import {
  type CallRecorder,
  callRecordOf,
  durationSince,
  type Logger,
  type Metrics,
  type Receipts,
  type TraceHeaders,
  type Tracer,
} from '@labmesh/runtime';
import type { Step, ToolRun } from './tool-run.js';
import { agentHop, endHop, logFailure, logRun } from './traces.js';

export interface StepServices {
  readonly passes: PassVerifier;
  readonly policies: Policies;
  readonly recorder: CallRecorder;
  readonly receipts: Receipts;
  readonly metrics: Metrics;
  readonly tracer: Tracer;
  readonly log: Logger;
  /** The gateway's address as clients see it. */
  readonly publicUrl: string;
}

export const stepsOf = (services: StepServices): readonly Step[] => [
  trace(services),
  measure(services),
  audit(services),
  authorize(services),
  validateInput,
  withinDeadline,
  addressLinks(services),
  validateOutput,
  handle,
];

/** Runs the steps around each other, outermost first. A step that calls next twice would run the handler twice: it is refused. */
export const compose =
  (steps: readonly Step[]) =>
  (run: ToolRun): Promise<unknown> => {
    let reached = -1;
    const from = (index: number): Promise<unknown> => {
      const step = steps[index];
      if (index <= reached) return Promise.reject(new Error(`step ${index} of the pipeline was called twice`));
      if (step === undefined) return Promise.reject(new Error('the last step must not call next'));
      reached = index;
      return step(run, () => from(index + 1));
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
      const seconds = (performance.now() - started) / 1_000;
      metrics.call(run.agent, run.tool, outcome, seconds);
      if (run.spec.progress === undefined) metrics.recent.add(run.agent, outcome, seconds);
    }
  };

/** Public tools leave a record whatever happens; what changes or stores something answers only when its record is durable. */
const audit =
  ({ recorder, receipts }: StepServices): Step =>
  async (run, next) => {
    if (run.spec.visibility === 'internal') return next();
    const started = performance.now();
    const finish = async (outcome: Outcome, output: object | undefined): Promise<void> => {
      const { walletId, credentialId } = run.principal;
      const { agent, tool, spec, chain } = run;
      const call = { callId: run.headers.callId ?? '', walletId, credentialId, chain, agent, tool };
      const end = { outcome, durationMs: durationSince(started), input: run.body, output, spec, valid: run.input };
      const mayWait = spec.effect === 'read' && (output === undefined || spec.stored?.(output) !== true);
      if (mayWait && !run.headers.wantsReceipt) return recorder.recordAnswered(() => callRecordOf(call, end));
      const record = callRecordOf(call, end);
      if (run.headers.wantsReceipt) run.receipt = receipts.of(record);
      if (mayWait) recorder.record(record);
      else await recorder.recordDurably(record);
    };
    let output: unknown;
    try {
      output = await next();
    } catch (error) {
      await finish(errorShape(error).code, undefined);
      throw error;
    }
    await finish('ok', output as object);
    return output;
  };

/**
 * The pass is verified here, by the agent itself, whatever the caller already checked. What the policy of this moment takes
 * from the principal, no handler sees any more.
 */
const authorize =
  ({ passes, policies }: StepServices): Step =>
  async (run, next) => {
    const pass = run.headers.pass;
    if (pass !== undefined) {
      const verified = await passes.verify(pass, run.agent).catch((error: unknown) => {
        const failure = toAppError(error);
        throw failure.code === 'unauthenticated' ? refusedPass(failure) : failure;
      });
      run.principal = policies.current.bounded(verified.principal);
      run.chain = verified.chain;
      if (verified.tools?.includes(run.tool) === false)
        throw new AppError(
          'forbidden',
          `Cannot call ${gatewayName(run.agent, run.tool)}: the ${run.chain.at(-1)} does not declare that it needs it (\`needs\` of its contract)`,
        );
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
        { policy: policies.current, internal: true, acting: run.chain.length > 0 },
      );
      if (!verdict.decision) throw new AppError('forbidden', verdict.reason);
    }
    return next();
  };

const validateInput: Step = async (run, next) => {
  const unstorable = unstorableIn(run.body);
  if (unstorable !== undefined)
    throw new AppError(
      'invalid_input',
      `Cannot run ${gatewayName(run.agent, run.tool)}: a text holds ${unstorable}, which cannot be stored; leave it out`,
    );
  const { agent, tool, chain } = run;
  run.input = acceptedInput(run.spec.input, run.body ?? {}, {
    tool: gatewayName(agent, tool),
    lenient: chain.length > 0,
  });
  return next();
};

/** What PostgreSQL stores in no text, or not as it is, no tool takes. */
function unstorableIn(value: unknown): string | undefined {
  if (typeof value === 'string') {
    if (value.includes('\0')) return 'the character NUL (U+0000)';
    return value.isWellFormed()
      ? undefined
      : 'half of a character (a surrogate without its pair, as where a text was cut)';
  }
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, item] of Object.entries(value)) {
    const found = unstorableIn(key) ?? unstorableIn(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The handler's signal fires when the caller gives up or the time is over, whichever comes first. */
const withinDeadline: Step = (run, next) => {
  const { cancelled } = run;
  const most = Date.now() + run.spec.timeoutMs;
  run.deadline = Math.min(run.headers.deadline ?? most, most);
  if (cancelled.aborted) return Promise.reject(whyOver(cancelled));
  return new Promise((resolve, reject) => {
    const late = setTimeout(
      () =>
        cancelled.abort(
          new AppError('deadline_exceeded', `${gatewayName(run.agent, run.tool)} did not finish within its time limit`),
        ),
      Math.max(0, run.deadline - Date.now()),
    );
    cancelled.addEventListener('abort', () => {
      clearTimeout(late);
      reject(whyOver(cancelled));
    });
    next()
      .then(resolve, reject)
      .finally(() => clearTimeout(late));
  });
};

const whyOver = ({ reason }: Cancellation): AppError =>
  reason instanceof AppError ? reason : new AppError('cancelled', 'The caller went away before the answer');

/** Links to bytes get the address that clients know: what leaves, and what is recorded, has it. */
const addressLinks =
  ({ publicUrl }: StepServices): Step =>
  async (run, next) => {
    const output = await next();
    for (const link of linksIn(run.spec.output, output)) link.url = blobUrl(publicUrl, link.blobId);
    if (run.spec.output === ToolContent)
      for (const block of (output as ToolContent).content)
        if (block.type === 'resource_link' && agentOfBlob(block.uri) !== undefined)
          block.uri = blobUrl(publicUrl, block.uri);
    return output;
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
  const answers = decodeAnswers(run.headers.answers);
  const call: Call = {
    id: run.headers.callId ?? '',
    principal: run.principal,
    chain: run.chain,
    deadline: run.deadline,
    get signal() {
      return run.cancelled.signal;
    },
    pass: run.headers.pass ?? '',
    ...(answers === undefined ? {} : { answers }),
    ...(trace === undefined ? {} : { traceparent: trace.traceparent }),
    ...(trace?.tracestate === undefined ? {} : { tracestate: trace.tracestate }),
  };
  try {
    const answer = run.handler(run.input, call);
    return await (run.spec.progress === undefined ? answer : drain(answer as AsyncGenerator, run));
  } catch (error) {
    throw lostConnection(error) ?? error;
  }
};

/** Passes on what a streaming handler yields; closes it when the call is given up. */
async function drain(stream: AsyncGenerator, run: ToolRun): Promise<unknown> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return value;
    if (run.cancelled.aborted) {
      await stream.return(undefined);
      throw whyOver(run.cancelled);
    }
    run.onProgress(value);
  }
}
