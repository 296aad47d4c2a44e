-- The Chancellor's stakes, what is on its way back from them, rewards that are owed or paid, and epochs of staking.

-- The clock that locks, cool-downs and epochs go by. Tests put another in its place; what is posted has the ledger's own.
CREATE FUNCTION "chancellor"."staking_clock"() RETURNS TIMESTAMPTZ LANGUAGE plpgsql AS $$
BEGIN
    RETURN date_trunc('milliseconds', clock_timestamp());
END;
$$;

-- Under the id of the transaction that staked it.
CREATE TABLE "chancellor"."stakes" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "amount_micro" BIGINT NOT NULL,
    -- Asked back so far, whether it is back already or cools down.
    "asked_back_micro" BIGINT NOT NULL DEFAULT 0,
    "staked_at" TIMESTAMPTZ(3) NOT NULL,
    "locked_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "stakes_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "stakes_amounts_fit" CHECK ("amount_micro" > 0 AND "asked_back_micro" BETWEEN 0 AND "amount_micro"),
    CONSTRAINT "stakes_times_in_order" CHECK ("locked_until" >= "staked_at")
);
CREATE INDEX "stakes_wallet_id_id_idx" ON "chancellor"."stakes"("wallet_id", "id");

-- A stake, or a part of one, that cools down, or is back when it names its transaction.
CREATE TABLE "chancellor"."unstakings" (
    "id" TEXT NOT NULL,
    "stake_id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "amount_micro" BIGINT NOT NULL,
    "key" TEXT NOT NULL,
    "asked" TEXT NOT NULL,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "transaction_id" TEXT,

    CONSTRAINT "unstakings_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "unstakings_amount_positive" CHECK ("amount_micro" > 0),
    CONSTRAINT "unstakings_times_in_order" CHECK ("due_at" >= "asked_at")
);
ALTER TABLE "chancellor"."unstakings" ADD CONSTRAINT "unstakings_stake_id_fkey"
    FOREIGN KEY ("stake_id") REFERENCES "chancellor"."stakes"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE UNIQUE INDEX "unstakings_wallet_id_key_key" ON "chancellor"."unstakings"("wallet_id", "key");
CREATE INDEX "unstakings_stake_id_idx" ON "chancellor"."unstakings"("stake_id");
CREATE INDEX "unstakings_open" ON "chancellor"."unstakings"("due_at") WHERE "transaction_id" IS NULL;

CREATE TRIGGER "stakes_stay" BEFORE DELETE OR TRUNCATE ON "chancellor"."stakes"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();
CREATE TRIGGER "unstakings_stay" BEFORE DELETE OR TRUNCATE ON "chancellor"."unstakings"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();

-- What an event or an epoch pays a wallet: judged once, ever, whatever comes of it. Pending ones are paid in the order of
-- their numbers.
CREATE TABLE "chancellor"."rewards" (
    "number" BIGSERIAL NOT NULL,
    -- What for: the name of a rule, or `epoch`.
    "rule" TEXT NOT NULL,
    -- Which one: the event's own identity, not its delivery's, or the epoch's number.
    "source" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "amount_micro" BIGINT NOT NULL,
    -- Of the event, in UTC: caps count by it.
    "day" DATE NOT NULL,
    "parameters_version" INTEGER NOT NULL,
    "status" TEXT NOT NULL,
    -- Why nothing is paid.
    "reason" TEXT,
    "judged_at" TIMESTAMPTZ(3) NOT NULL,
    "paid_at" TIMESTAMPTZ(3),
    "transaction_id" TEXT,

    CONSTRAINT "rewards_pkey" PRIMARY KEY ("number"),
    CONSTRAINT "rewards_status_known" CHECK ("status" IN ('pending', 'paid', 'nothing')),
    CONSTRAINT "rewards_pay_something" CHECK ("amount_micro" > 0 OR "status" = 'nothing' AND "amount_micro" = 0),
    CONSTRAINT "rewards_paid_names_its_transaction" CHECK (("status" = 'paid') = ("transaction_id" IS NOT NULL)),
    CONSTRAINT "rewards_nothing_has_a_reason" CHECK (("status" = 'nothing') = ("reason" IS NOT NULL))
);
-- Each event pays a wallet once, whatever the code does.
CREATE UNIQUE INDEX "rewards_once" ON "chancellor"."rewards"("rule", "source", "wallet_id");
CREATE UNIQUE INDEX "rewards_transaction_id_key" ON "chancellor"."rewards"("transaction_id");
CREATE INDEX "rewards_wallet_id_number_idx" ON "chancellor"."rewards"("wallet_id", "number");
CREATE INDEX "rewards_pending" ON "chancellor"."rewards"("number") WHERE "status" = 'pending';
CREATE TRIGGER "rewards_stay" BEFORE DELETE OR TRUNCATE ON "chancellor"."rewards"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();

-- One epoch follows the other: a new one begins where the last one ends, and what stakes earn in it is worked out once.
CREATE TABLE "chancellor"."epochs" (
    "number" INTEGER NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "closed_at" TIMESTAMPTZ(3),
    -- What the stakes of the epoch are paid together, once it is closed.
    "yield_micro" BIGINT,

    CONSTRAINT "epochs_pkey" PRIMARY KEY ("number"),
    CONSTRAINT "epochs_times_in_order" CHECK ("ends_at" > "starts_at"),
    CONSTRAINT "epochs_closed_whole" CHECK (("closed_at" IS NULL) = ("yield_micro" IS NULL))
);
CREATE UNIQUE INDEX "epochs_starts_at_key" ON "chancellor"."epochs"("starts_at");
CREATE TRIGGER "epochs_stay" BEFORE DELETE OR TRUNCATE ON "chancellor"."epochs"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();

-- How much each wallet had staked for how long from p_from to p_to: micro-$webxos times milliseconds.
CREATE FUNCTION "chancellor"."staked_during"(p_from TIMESTAMPTZ, p_to TIMESTAMPTZ)
RETURNS TABLE ("wallet_id" TEXT, "weight" NUMERIC) LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
    RETURN QUERY
        SELECT s.wallet_id, s.weight FROM (
            SELECT a.wallet_id, sum(p.change_micro::numeric
                    * round(extract(epoch FROM p_to - greatest(t.posted_at, p_from)) * 1000)) AS weight
                FROM "chancellor"."accounts" AS a
                JOIN "chancellor"."postings" AS p ON p.account_id = a.id
                JOIN "chancellor"."transactions" AS t ON t.id = p.transaction_id
                WHERE a.kind = 'staked' AND t.posted_at < p_to
                GROUP BY a.wallet_id
        ) AS s WHERE s.weight > 0;
END;
$$;
