-- The Chancellor: wallets, the double-entry ledger and its one way to move money, chancellor.transfer().
-- Amounts are integers of micro-$webxos (10^-6). Kept to PostgreSQL 15: the embedded database is newer than the servers.

CREATE SCHEMA IF NOT EXISTS "chancellor";

CREATE TABLE "chancellor"."wallets" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "label" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "wallets_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "wallets_id_form" CHECK ("id" ~ '^wal_[0-9a-f-]{36}$')
);

-- An account has its wallet's id; the account without a wallet is `issuance`, the source of all money.
CREATE TABLE "chancellor"."accounts" (
    "id" TEXT NOT NULL,
    "wallet_id" TEXT,
    "balance_micro" BIGINT NOT NULL DEFAULT 0,
    "posting_count" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "accounts_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "accounts_id_is_wallet_or_issuance" CHECK ("id" = COALESCE("wallet_id", 'issuance')),
    CONSTRAINT "accounts_only_issuance_negative" CHECK ("balance_micro" >= 0 OR "id" = 'issuance'),
    CONSTRAINT "accounts_balance_bounded" CHECK ("balance_micro" BETWEEN -1000000000000000000 AND 1000000000000000000)
);

CREATE TABLE "chancellor"."transactions" (
    "id" TEXT NOT NULL,
    "from_account_id" TEXT NOT NULL,
    "to_account_id" TEXT NOT NULL,
    "amount_micro" BIGINT NOT NULL,
    "memo" TEXT,
    "idempotency_key" TEXT NOT NULL,
    "posted_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "transactions_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "transactions_amount_positive" CHECK ("amount_micro" > 0),
    CONSTRAINT "transactions_two_accounts" CHECK ("from_account_id" <> "to_account_id")
);

CREATE TABLE "chancellor"."postings" (
    "account_id" TEXT NOT NULL,
    "number" BIGINT NOT NULL,
    "transaction_id" TEXT NOT NULL,
    "change_micro" BIGINT NOT NULL,
    "balance_after_micro" BIGINT NOT NULL,

    CONSTRAINT "postings_pkey" PRIMARY KEY ("account_id", "number"),
    CONSTRAINT "postings_change_not_zero" CHECK ("change_micro" <> 0)
);

CREATE TABLE "chancellor"."outbox" (
    "id" UUID NOT NULL,
    "subject" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "claimed_until" TIMESTAMPTZ(3),
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "accounts_wallet_id_key" ON "chancellor"."accounts"("wallet_id");
CREATE UNIQUE INDEX "transactions_from_account_id_idempotency_key_key"
    ON "chancellor"."transactions"("from_account_id", "idempotency_key");
CREATE UNIQUE INDEX "postings_transaction_id_account_id_key" ON "chancellor"."postings"("transaction_id", "account_id");
CREATE INDEX "outbox_unpublished_idx" ON "chancellor"."outbox"("created_at", "id") WHERE "published_at" IS NULL;

ALTER TABLE "chancellor"."accounts" ADD CONSTRAINT "accounts_wallet_id_fkey"
    FOREIGN KEY ("wallet_id") REFERENCES "chancellor"."wallets"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "chancellor"."transactions" ADD CONSTRAINT "transactions_from_account_id_fkey"
    FOREIGN KEY ("from_account_id") REFERENCES "chancellor"."accounts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "chancellor"."transactions" ADD CONSTRAINT "transactions_to_account_id_fkey"
    FOREIGN KEY ("to_account_id") REFERENCES "chancellor"."accounts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "chancellor"."postings" ADD CONSTRAINT "postings_account_id_fkey"
    FOREIGN KEY ("account_id") REFERENCES "chancellor"."accounts"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;
ALTER TABLE "chancellor"."postings" ADD CONSTRAINT "postings_transaction_id_fkey"
    FOREIGN KEY ("transaction_id") REFERENCES "chancellor"."transactions"("id") ON DELETE RESTRICT ON UPDATE RESTRICT;

INSERT INTO "chancellor"."accounts" ("id") VALUES ('issuance');

-- Moves money once per (payer, key) and answers with an outcome; checks run in the order they are written, and the
-- first that fails is the answer. Anything but 'posted' has changed nothing, so a failed attempt leaves its key free.
-- p_event is {id, subject, payload}: the outbox row of the transaction, completed here with the time of posting.
CREATE FUNCTION "chancellor"."transfer"(
    p_transaction_id TEXT,
    p_from TEXT,
    p_to TEXT,
    p_amount_micro BIGINT,
    p_memo TEXT,
    p_key TEXT,
    p_event JSONB,
    OUT outcome TEXT,
    OUT transaction_id TEXT,
    OUT balance_micro BIGINT,
    OUT posted_at TIMESTAMPTZ
) LANGUAGE plpgsql AS $$
DECLARE
    c_balance_max CONSTANT BIGINT := 1000000000000000000;
    v_payer "chancellor"."accounts";
    v_payee "chancellor"."accounts";
    v_earlier "chancellor"."transactions";
BEGIN
    IF p_amount_micro <= 0 THEN outcome := 'amount_not_positive'; RETURN; END IF;
    IF p_from = p_to THEN outcome := 'same_wallet'; RETURN; END IF;

    -- Both rows, always in the order of their ids: two opposite transfers wait for each other and never deadlock.
    -- The payer's lock also puts twins with one key in line. NO KEY leaves foreign key checks of others undisturbed.
    PERFORM 1 FROM "chancellor"."accounts" a WHERE a.id IN (p_from, p_to) ORDER BY a.id FOR NO KEY UPDATE;

    SELECT a.* INTO v_payer FROM "chancellor"."accounts" a WHERE a.id = p_from;
    IF NOT FOUND THEN outcome := 'unknown_from'; RETURN; END IF;
    SELECT a.* INTO v_payee FROM "chancellor"."accounts" a WHERE a.id = p_to;
    IF NOT FOUND THEN outcome := 'unknown_to'; RETURN; END IF;

    SELECT t.* INTO v_earlier FROM "chancellor"."transactions" t
        WHERE t.from_account_id = p_from AND t.idempotency_key = p_key;
    IF FOUND THEN
        IF v_earlier.to_account_id <> p_to OR v_earlier.amount_micro <> p_amount_micro
            OR v_earlier.memo IS DISTINCT FROM p_memo THEN outcome := 'key_reused'; RETURN; END IF;
        outcome := 'replayed';
        transaction_id := v_earlier.id;
        posted_at := v_earlier.posted_at;
        SELECT p.balance_after_micro INTO STRICT balance_micro FROM "chancellor"."postings" p
            WHERE p.transaction_id = v_earlier.id AND p.account_id = p_from;
        RETURN;
    END IF;

    IF p_from <> 'issuance' AND v_payer.balance_micro < p_amount_micro THEN
        outcome := 'insufficient_funds';
        balance_micro := v_payer.balance_micro;
        RETURN;
    END IF;
    -- Written as differences: no side of these comparisons can leave the range of BIGINT.
    IF p_amount_micro > c_balance_max - v_payee.balance_micro
        OR p_amount_micro > c_balance_max + v_payer.balance_micro THEN outcome := 'balance_too_large'; RETURN; END IF;

    outcome := 'posted';
    transaction_id := p_transaction_id;
    balance_micro := v_payer.balance_micro - p_amount_micro;
    -- The wall clock under the locks, not the statement's start: an account's history is in the order of its times.
    posted_at := date_trunc('milliseconds', clock_timestamp());

    INSERT INTO "chancellor"."transactions"
        (id, from_account_id, to_account_id, amount_micro, memo, idempotency_key, posted_at)
        VALUES (p_transaction_id, p_from, p_to, p_amount_micro, p_memo, p_key, transfer.posted_at);
    WITH moved AS (
        UPDATE "chancellor"."accounts" a
            SET balance_micro = a.balance_micro + side.change_micro, posting_count = a.posting_count + 1
            FROM (VALUES (p_from, -p_amount_micro), (p_to, p_amount_micro)) AS side(account_id, change_micro)
            WHERE a.id = side.account_id
            RETURNING a.id, a.posting_count, side.change_micro, a.balance_micro
    )
    INSERT INTO "chancellor"."postings" (account_id, number, transaction_id, change_micro, balance_after_micro)
        SELECT moved.id, moved.posting_count, p_transaction_id, moved.change_micro, moved.balance_micro FROM moved;
    INSERT INTO "chancellor"."outbox" (id, subject, payload, created_at)
        VALUES ((p_event ->> 'id')::uuid, p_event ->> 'subject', jsonb_build_object(
            'id', p_event -> 'id',
            'at', to_char(transfer.posted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
            'payload', p_event -> 'payload'
        ), transfer.posted_at);
END;
$$;

-- The second pair of eyes: whatever wrote them, a transaction ends with one posting per side that mirror its amount.
CREATE FUNCTION "chancellor"."assert_balanced"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_id TEXT;
    v_sound BOOLEAN;
BEGIN
    IF TG_TABLE_NAME = 'postings' THEN v_id := NEW.transaction_id; ELSE v_id := NEW.id; END IF;
    SELECT count(*) = 2 AND sum(p.change_micro) = 0 AND bool_and(p.change_micro = CASE p.account_id
            WHEN t.from_account_id THEN -t.amount_micro
            WHEN t.to_account_id THEN t.amount_micro END)
        INTO v_sound
        FROM "chancellor"."postings" p JOIN "chancellor"."transactions" t ON t.id = p.transaction_id
        WHERE p.transaction_id = v_id;
    IF v_sound IS NOT TRUE THEN
        RAISE EXCEPTION 'transaction % is not balanced', v_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER "transactions_balanced" AFTER INSERT ON "chancellor"."transactions"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "chancellor"."assert_balanced"();
CREATE CONSTRAINT TRIGGER "postings_balanced" AFTER INSERT ON "chancellor"."postings"
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "chancellor"."assert_balanced"();

-- History is never rewritten: a mistake is put right with another transaction.
CREATE FUNCTION "chancellor"."refuse_rewrite"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END;
$$;
CREATE TRIGGER "transactions_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "chancellor"."transactions"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();
CREATE TRIGGER "postings_append_only" BEFORE UPDATE OR DELETE OR TRUNCATE ON "chancellor"."postings"
    FOR EACH STATEMENT EXECUTE FUNCTION "chancellor"."refuse_rewrite"();
