// What was opened with somebody's rights ends with them: within a second of a withdrawal, at once with another role or policy that
// takes the right away, and when the credential ends. For streams, and for bytes on their way in or out.
import { AppError, type Principal, toAppError } from '@labmesh/contracts';
import type { Admission, EndpointHost, KnownCaller } from '@labmesh/endpoint';

/** Sentinel did not say whether the credential is still good: asked again after this. */
const ASK_AGAIN_MS = 1_000;

export type RightsServices = Pick<EndpointHost, 'authenticator' | 'policies'> & {
  readonly admission: Pick<Admission, 'watchRights'>;
};

export interface HeldRights {
  /** Why this principal may not, by what holds now; undefined when they may. */
  readonly refusal: (principal: Principal) => AppError | undefined;
  /** Called when they may no more; maybe more than once. */
  readonly end: (why: AppError) => void;
}

/** @returns what ends the watch */
export function whileEntitled(
  { authenticator, policies, admission }: RightsServices,
  { credential, principal }: KnownCaller,
  { refusal, end }: HeldRights,
): () => void {
  const withdrawn = new AppError('unauthenticated', 'This credential was withdrawn. Sign in again to go on.');
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  const look = async (): Promise<void> => {
    let nextMs = ASK_AGAIN_MS;
    try {
      const verdict = await authenticator.verdictOn(credential);
      const refused = refusal(verdict.principal);
      if (refused !== undefined) return end(refused);
      nextMs = Math.max(0, verdict.goodUntilMs - Date.now());
    } catch (error) {
      const failure = toAppError(error);
      if (failure.code === 'unauthenticated') return end(failure);
    }
    // Right after the verdict ended: then it is asked anew, and a credential that ended with it is refused.
    clearTimeout(timer);
    if (!stopped) timer = setTimeout(() => void look(), nextMs + 1);
  };
  const lookNow = (): void => {
    clearTimeout(timer);
    void look();
  };
  const unwatch = admission.watchRights(principal, { withdrawn: () => end(withdrawn), changed: lookNow });
  const forget = policies.onChange(lookNow);
  lookNow();
  return () => {
    stopped = true;
    clearTimeout(timer);
    unwatch();
    forget();
  };
}
