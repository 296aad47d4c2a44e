-- The Chancellor's governance: parameters in versions, proposals, votes, delegations, and voting power at a time.

-- One row: whether the DAO is on. Whoever sets parameters locks it, so versions follow one another.
CREATE TABLE "chancellor"."dao" (
    "id" INTEGER NOT NULL,
    "enabled_at" TIMESTAMPTZ(3),
    "enabled_by" TEXT,

    CONSTRAINT "dao_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "dao_is_one" CHECK ("id" = 1),
    CONSTRAINT "dao_enabled_by_somebody" CHECK (("enabled_at" IS NULL) = ("enabled_by" IS NULL))
);
INSERT INTO "chancellor"."dao" ("id") VALUES (1);

-- Version 0 is what every lab begins with, and has no row. `values` are whole numbers of the smallest unit, as texts.
CREATE TABLE "chancellor"."parameter_versions" (
    "version" INTEGER NOT NULL,
    "values" JSONB NOT NULL,
    "set_by" TEXT NOT NULL,
    "proposal_id" TEXT,
    "set_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "parameter_versions_pkey" PRIMARY KEY ("version"),
    CONSTRAINT "parameter_versions_count_from_one" CHECK ("version" > 0)
);
-- A proposal is executed once, whatever the code does.
CREATE UNIQUE INDEX "parameter_versions_proposal_id_key" ON "chancellor"."parameter_versions"("proposal_id");

-- The members from terms_version to deadline_at are those of the snapshot: set once, by whatever looks first after it,
-- and deadline_at later when the quorum is reached late. Until then deadline_at says how things stand.
CREATE TABLE "chancellor"."proposals" (
    "id" TEXT NOT NULL,
    "proposer_id" TEXT NOT NULL,
    "title" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "voting" TEXT NOT NULL,
    "choices" TEXT[] NOT NULL,
    "changes" JSONB NOT NULL,
    "threshold_micro" BIGINT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "snapshot_at" TIMESTAMPTZ(3) NOT NULL,
    "terms_version" INTEGER,
    "quorum_micro" BIGINT,
    "deadline_at" TIMESTAMPTZ(3) NOT NULL,
    "extended" BOOLEAN NOT NULL DEFAULT false,
    "counted_micro" BIGINT NOT NULL DEFAULT 0,
    "canceled_at" TIMESTAMPTZ(3),
    "queued_at" TIMESTAMPTZ(3),
    "executable_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "executed_at" TIMESTAMPTZ(3),

    CONSTRAINT "proposals_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "proposals_times_in_order" CHECK (
        "snapshot_at" >= "created_at" AND "deadline_at" > "snapshot_at" AND "expires_at" > "executable_at"),
    CONSTRAINT "proposals_opened_whole" CHECK (("terms_version" IS NULL) = ("quorum_micro" IS NULL)),
    CONSTRAINT "proposals_queued_whole" CHECK (
        ("queued_at" IS NULL) = ("executable_at" IS NULL) AND ("queued_at" IS NULL) = ("expires_at" IS NULL)),
    CONSTRAINT "proposals_executed_in_time" CHECK (
        "executed_at" IS NULL OR ("executed_at" >= "executable_at" AND "executed_at" < "expires_at")),
    CONSTRAINT "proposals_end_once" CHECK ("canceled_at" IS NULL OR "executed_at" IS NULL)
);
CREATE INDEX "proposals_proposer_id_deadline_at_idx" ON "chancellor"."proposals"("proposer_id", "deadline_at");

CREATE TABLE "chancellor"."votes" (
    "proposal_id" TEXT NOT NULL,
    "wallet_id" TEXT NOT NULL,
    "power_micro" BIGINT NOT NULL,
    "ballot" INTEGER[] NOT NULL,
    "reason" TEXT,
    "cast_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "votes_pkey" PRIMARY KEY ("proposal_id", "wallet_id"),
    CONSTRAINT "votes_have_power" CHECK ("power_micro" > 0)
);
ALTER TABLE "chancellor"."votes" ADD CONSTRAINT "votes_proposal_id_fkey"
    FOREIGN KEY ("proposal_id") REFERENCES "chancellor"."proposals"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
CREATE TRIGGER "votes_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "chancellor"."votes"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();
CREATE TRIGGER "parameter_versions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "chancellor"."parameter_versions"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();

-- Who votes for a wallet since when: a history, of which the newest row up to a time holds. No delegate: it votes itself.
CREATE TABLE "chancellor"."delegations" (
    "wallet_id" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "delegate_id" TEXT,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "delegations_pkey" PRIMARY KEY ("wallet_id", "number"),
    CONSTRAINT "delegations_to_another" CHECK ("delegate_id" <> "wallet_id")
);
CREATE INDEX "delegations_delegate_id_since_idx" ON "chancellor"."delegations"("delegate_id", "since");
CREATE TRIGGER "delegations_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "chancellor"."delegations"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();

-- The one clock of governance. Tests put another in its place.
CREATE FUNCTION "chancellor"."governance_clock"() RETURNS TIMESTAMPTZ LANGUAGE plpgsql AS $$
BEGIN
    RETURN date_trunc('milliseconds', clock_timestamp());
END;
$$;

-- What a wallet had staked at a time: the history is the postings of its account of stakes.
CREATE FUNCTION "chancellor"."staked_at"(p_wallet TEXT, p_at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN COALESCE((
        SELECT p.balance_after_micro FROM "chancellor"."postings" p
            JOIN "chancellor"."transactions" t ON t.id = p.transaction_id
            WHERE p.account_id = p_wallet || '.staked' AND t.posted_at <= p_at
            ORDER BY p.number DESC LIMIT 1), 0);
END;
$$;

CREATE FUNCTION "chancellor"."delegate_at"(p_wallet TEXT, p_at TIMESTAMPTZ) RETURNS TEXT LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT d.delegate_id FROM "chancellor"."delegations" d WHERE d.wallet_id = p_wallet AND d.since <= p_at
            ORDER BY d.number DESC LIMIT 1);
END;
$$;

-- A wallet's own stake, unless another votes for it, and the own stakes of those that it votes for. What was delegated to it
-- is not passed on, so each stake counts for exactly one wallet.
CREATE FUNCTION "chancellor"."voting_power_at"(p_wallet TEXT, p_at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_own BIGINT := 0;
BEGIN
    IF "chancellor"."delegate_at"(p_wallet, p_at) IS NULL THEN v_own := "chancellor"."staked_at"(p_wallet, p_at); END IF;
    RETURN v_own + COALESCE((
        SELECT sum("chancellor"."staked_at"(c.wallet_id, p_at))::bigint
            FROM (SELECT DISTINCT d.wallet_id FROM "chancellor"."delegations" d
                    WHERE d.delegate_id = p_wallet AND d.since <= p_at) c
            WHERE "chancellor"."delegate_at"(c.wallet_id, p_at) = p_wallet), 0);
END;
$$;

CREATE FUNCTION "chancellor"."total_staked_at"(p_at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN COALESCE((
        SELECT sum("chancellor"."staked_at"(left(a.id, -7), p_at))::bigint FROM "chancellor"."accounts" a
            WHERE a.id LIKE 'wal\_%.staked'), 0);
END;
$$;
