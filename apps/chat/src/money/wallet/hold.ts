// What the lab says of an amount that is set aside.
export interface Hold {
  readonly holdId: string;
  readonly from: string;
  readonly to: string;
  readonly amount: string;
  readonly captured: string;
  readonly left: string;
  readonly expiresAt: string;
  readonly memo: string | null;
}
