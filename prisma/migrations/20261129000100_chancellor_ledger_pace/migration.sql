-- A check of the ledger and its one function once more, for less of the database's time. What they promise is what it was.

-- A transaction names its two: each has its posting, and so there are at least two. That all of them sum to zero is checked with
-- the postings.
CREATE OR REPLACE FUNCTION "chancellor"."check_transactions"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_id TEXT;
BEGIN
    SELECT w.id INTO v_id FROM written AS w
        LEFT JOIN "chancellor"."postings" AS f ON f.transaction_id = w.id AND f.account_id = w.from_account_id
        LEFT JOIN "chancellor"."postings" AS t ON t.transaction_id = w.id AND t.account_id = w.to_account_id
        WHERE (f.change_micro < 0 AND t.change_micro = w.amount_micro) IS NOT TRUE LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'transaction % is not balanced', v_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END;
$$;

-- Posts requests in their order and answers each with an outcome. p_accounts are the accounts they name; a request names
-- them by their place in it. Each wallet is locked once, under its own id, in the order of ids: whoever changes one of its
-- accounts holds that lock, so nothing deadlocks. Balances are then worked out in memory, and all rows written in one
-- statement. Checks run in the order they are written; the first that fails is the answer, kept under the key for ever but
-- where nothing could have been known of the request (the first three). A group (`linked`) happens whole or not at all.
CREATE OR REPLACE FUNCTION "chancellor"."post"(p_accounts TEXT[], p_requests JSONB, p_related TEXT[], p_subject TEXT)
RETURNS TABLE ("outcome" TEXT, "replayed" BOOLEAN, "transaction_id" TEXT, "balance_micro" BIGINT, "amount_micro" BIGINT,
    "decided_at" TIMESTAMPTZ)
LANGUAGE plpgsql
-- Plans made while tables were small are kept: they must be those for large ones. One plan serves any number of requests.
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off
SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    c_max CONSTANT BIGINT := 9223372036854775807;
    v_ids TEXT[] := p_accounts;
    v_bases TEXT[];
    v_now TIMESTAMPTZ;
    v_today DATE;
    -- Of each account, by its place in v_ids.
    a_balance BIGINT[]; a_count BIGINT[]; a_last TIMESTAMPTZ[]; a_status TEXT[]; a_changed BOOLEAN[];
    a_spent BIGINT[]; a_most BIGINT[]; a_daily BIGINT[];
    -- Of each hold that a request names or that has expired.
    h_id TEXT[]; h_wallet TEXT[]; h_to TEXT[]; h_amount BIGINT[]; h_captured BIGINT[]; h_released BIGINT[];
    h_expires TIMESTAMPTZ[];
    -- What is written at the end, up to the counts v_t, v_p and v_n.
    t_id TEXT[]; t_kind TEXT[]; t_from TEXT[]; t_to TEXT[]; t_amount BIGINT[]; t_memo TEXT[]; t_related TEXT[];
    t_at TIMESTAMPTZ[]; t_event UUID[];
    p_account TEXT[]; p_number BIGINT[]; p_tx TEXT[]; p_change BIGINT[]; p_after BIGINT[];
    n_id TEXT[]; n_wallet TEXT[]; n_to TEXT[]; n_amount BIGINT[]; n_at TIMESTAMPTZ[]; n_expires TIMESTAMPTZ[];
    v_t INT := 0; v_p INT := 0; v_n INT := 0;
    -- Of each request, by its place.
    r_outcome TEXT[]; r_replayed BOOLEAN[]; r_tx TEXT[]; r_balance BIGINT[]; r_amount BIGINT[]; r_at TIMESTAMPTZ[];
    r_owner TEXT[]; r_key TEXT[]; r_hash TEXT[]; r_kept BOOLEAN[]; r_stored BOOLEAN[];
    -- Of a key, by the place of the first request with it: the request that its answer is kept for.
    k_place INT[];
    -- The group under way: how things stood before it, where it began, whether it failed.
    g_no INT; g_from INT; g_failed BOOLEAN := false; g_t INT; g_p INT; g_n INT;
    g_balance BIGINT[]; g_count BIGINT[]; g_last TIMESTAMPTZ[]; g_changed BOOLEAN[]; g_spent BIGINT[];
    g_captured BIGINT[]; g_released BIGINT[];
    v RECORD;
    v_outcome TEXT; v_legs INT[]; v_changes BIGINT[]; v_amount BIGINT; v_rest BIGINT; v_left BIGINT; v_shown BIGINT;
    v_at TIMESTAMPTZ; v_h INT; v_x INT; v_i INT; v_twin INT; v_earlier "chancellor"."transactions"; v_releases JSONB;
BEGIN
    v_bases := ARRAY(SELECT split_part(u.id, '.', 1) FROM unnest(p_accounts) AS u(id));
    PERFORM 1 FROM "chancellor"."accounts" AS a WHERE a.id = ANY(v_bases) ORDER BY a.id FOR NO KEY UPDATE;
    v_now := date_trunc('milliseconds', clock_timestamp());
    v_today := (v_now AT TIME ZONE 'UTC')::date;

    -- What has expired is the payer's again: it is released before anything else of this wallet is looked at.
    IF array_length(p_related, 1) > 0 OR EXISTS (
        SELECT FROM "chancellor"."holds" AS e
            WHERE e.wallet_id = ANY(v_bases) AND e.captured_micro + e.released_micro < e.amount_micro) THEN
        SELECT array_agg(h.id), array_agg(h.wallet_id), array_agg(h.to_wallet_id), array_agg(h.amount_micro),
               array_agg(h.captured_micro), array_agg(h.released_micro), array_agg(h.expires_at)
            INTO h_id, h_wallet, h_to, h_amount, h_captured, h_released, h_expires
            FROM (
                SELECT e.* FROM "chancellor"."holds" AS e JOIN "chancellor"."accounts" AS a ON a.id = e.wallet_id
                    WHERE e.wallet_id = ANY(v_bases) AND e.captured_micro + e.released_micro < e.amount_micro
                        AND e.expires_at <= greatest(v_now, a.last_at)
                UNION SELECT n.* FROM "chancellor"."holds" AS n WHERE n.id = ANY(p_related)
            ) AS h;
    END IF;
    IF h_id IS NOT NULL THEN
        FOR v_i IN 1..array_length(h_id, 1) LOOP
            IF h_wallet[v_i] = ANY(v_bases) THEN
                IF array_position(v_ids, h_wallet[v_i]) IS NULL THEN v_ids := v_ids || h_wallet[v_i]; END IF;
                IF array_position(v_ids, h_wallet[v_i] || '.held') IS NULL THEN
                    v_ids := v_ids || (h_wallet[v_i] || '.held');
                END IF;
            END IF;
        END LOOP;
    END IF;

    SELECT array_agg(n.balance_micro), array_agg(n.posting_count), array_agg(n.last_at), array_agg(n.status),
           array_agg(false), array_agg(n.spent), array_agg(n.per_transaction_micro), array_agg(n.per_day_micro)
        INTO a_balance, a_count, a_last, a_status, a_changed, a_spent, a_most, a_daily
        FROM (
            SELECT a.balance_micro, a.posting_count, a.last_at, COALESCE(w.status, 'open') AS status,
                   CASE WHEN a.spent_on >= v_today THEN a.spent_micro ELSE 0 END AS spent,
                   t.per_transaction_micro, t.per_day_micro
                FROM unnest(v_ids) WITH ORDINALITY AS u(id, place)
                LEFT JOIN "chancellor"."accounts" AS a ON a.id = u.id
                LEFT JOIN "chancellor"."wallets" AS w ON w.id = a.wallet_id
                LEFT JOIN "chancellor"."wallet_templates" AS t ON t.name = w.template
                ORDER BY u.place
        ) AS n;

    IF h_id IS NOT NULL THEN
        SELECT jsonb_agg(jsonb_build_object('place', 0, 'id', 'txn_' || gen_random_uuid(), 'kind', 'release',
                'related', h.id, 'legs', jsonb_build_array(h.held, h.available), 'event', gen_random_uuid()))
            INTO v_releases
            FROM (
                SELECT e.id, e.amount - e.captured - e.released AS rest, e.expires, array_position(v_ids, e.wallet) AS available,
                       array_position(v_ids, e.wallet || '.held') AS held
                FROM unnest(h_id, h_wallet, h_amount, h_captured, h_released, h_expires)
                    AS e(id, wallet, amount, captured, released, expires)
            ) AS h
            WHERE h.rest > 0 AND h.expires <= greatest(v_now, a_last[h.available]);
    END IF;

    v_i := jsonb_array_length(p_requests);
    r_tx := array_fill(NULL::text, ARRAY[v_i]);
    r_replayed := array_fill(false, ARRAY[v_i]); r_kept := r_replayed; r_stored := r_replayed;
    FOR v IN
        SELECT r.*, o.request_hash AS kept_hash, o.outcome AS kept_outcome, o.transaction_id AS kept_tx,
               o.balance_micro AS kept_balance, o.amount_micro AS kept_amount, o.decided_at AS kept_at
        FROM jsonb_to_recordset(COALESCE(v_releases, '[]') || p_requests) AS r(
            "place" INT, "id" TEXT, "kind" TEXT, "owner" INT, "key" TEXT, "hash" TEXT, "memo" TEXT, "legs" INT[],
            "changes" BIGINT[], "amount" BIGINT, "final" BOOLEAN, "related" TEXT, "payee" INT, "seconds" BIGINT,
            "twin" INT, "group" INT, "event" UUID)
        LEFT JOIN "chancellor"."outcomes" AS o ON o.owner_id = p_accounts[r."owner"] AND o.key = r."key"
        ORDER BY r."place"
    LOOP
        IF v."group" IS DISTINCT FROM g_no THEN
            g_no := v."group"; g_from := v.place; g_failed := false; g_t := v_t; g_p := v_p; g_n := v_n;
            IF g_no IS NOT NULL THEN
                g_balance := a_balance; g_count := a_count; g_last := a_last; g_changed := a_changed; g_spent := a_spent;
                g_captured := h_captured; g_released := h_released;
            END IF;
        END IF;
        v_outcome := NULL; v_legs := v.legs; v_changes := v.changes; v_amount := COALESCE(v.amount, v_changes[2]);
        v_rest := 0; v_shown := NULL; v_h := NULL;
        v_at := v_now;
        FOREACH v_x IN ARRAY v_legs LOOP v_at := greatest(v_at, a_last[v_x]); END LOOP;

        IF v.place > 0 THEN
            r_owner[v.place] := v_ids[v."owner"]; r_key[v.place] := v."key"; r_hash[v.place] := v."hash";
            v_twin := k_place[v.twin];
            IF v_amount <= 0 OR 0 = ANY(v_changes) THEN v_outcome := 'amount_not_positive';
            ELSIF v_legs[1] = v_legs[2] THEN v_outcome := 'same_wallet';
            ELSIF a_balance[v."owner"] IS NULL OR a_balance[v_legs[1]] IS NULL THEN v_outcome := 'unknown_from';
            ELSIF v.kept_hash = v."hash" THEN
                v_outcome := v.kept_outcome; r_replayed[v.place] := true; r_stored[v.place] := true;
                r_tx[v.place] := v.kept_tx; v_shown := v.kept_balance; v_amount := v.kept_amount;
                v_at := v.kept_at;
            ELSIF v.kept_hash IS NOT NULL THEN v_outcome := 'key_reused';
            ELSIF r_hash[v_twin] = v."hash" THEN
                v_outcome := r_outcome[v_twin]; r_replayed[v.place] := true; r_tx[v.place] := r_tx[v_twin];
                v_shown := r_balance[v_twin]; v_amount := r_amount[v_twin]; v_at := r_at[v_twin];
            ELSIF v_twin IS NOT NULL THEN v_outcome := 'key_reused';
            ELSE
                r_kept[v.place] := true; k_place[v.twin] := v.place;
                IF g_failed THEN v_outcome := 'linked_failed'; END IF;
            END IF;
        END IF;

        -- What nothing speaks against is seen at a glance, and most is that. All else is looked at check by check: the first that
        -- fails is its answer.
        IF v_outcome IS NULL AND (
            v.kind = 'payment' AND a_status[v_legs[1]] = 'open' AND a_status[v_legs[2]] = 'open'
            AND a_balance[v_legs[1]] >= v_amount AND a_balance[v_legs[2]] <= c_max - v_amount
            AND v_amount <= COALESCE(a_most[v_legs[1]], v_amount)
            AND v_amount <= COALESCE(a_daily[v_legs[1]] - a_spent[v_legs[1]], v_amount)
            AND v_changes = ARRAY[-v_amount, v_amount]) IS NOT TRUE THEN
            IF v_outcome IS NULL THEN
                IF v.payee IS NOT NULL AND a_balance[v.payee] IS NULL THEN v_outcome := 'unknown_to'; END IF;
                FOREACH v_x IN ARRAY v_legs LOOP
                    IF a_balance[v_x] IS NULL THEN v_outcome := COALESCE(v_outcome, 'unknown_to'); END IF;
                END LOOP;
            END IF;

            IF v_outcome IS NULL AND v.kind IN ('capture', 'release') THEN
                v_h := array_position(h_id, v.related);
                IF v_h IS NULL OR h_wallet[v_h] || '.held' <> v_ids[v_legs[1]]
                    OR v_ids[v_legs[2]] <> (CASE v.kind WHEN 'capture' THEN h_to[v_h] ELSE h_wallet[v_h] END) THEN
                    v_outcome := 'unknown_hold';
                ELSE
                    v_left := h_amount[v_h] - h_captured[v_h] - h_released[v_h];
                    v_amount := COALESCE(v.amount, v_left);
                    IF v.kind = 'capture' AND v.final THEN v_rest := greatest(0, v_left - v_amount); END IF;
                    v_changes := ARRAY[-v_amount - v_rest, v_amount];
                    IF v_rest > 0 THEN v_changes := v_changes || v_rest; ELSE v_legs := v_legs[1:2]; END IF;
                END IF;
            ELSIF v_outcome IS NULL AND v.kind = 'reversal' THEN
                SELECT t.* INTO v_earlier FROM "chancellor"."transactions" AS t WHERE t.id = v.related;
                IF NOT FOUND OR v_ids[v_legs[1]] <> v_earlier.to_account_id
                    OR v_ids[v_legs[2]] <> split_part(v_earlier.from_account_id, '.', 1) THEN
                    v_outcome := 'unknown_transaction';
                ELSE
                    SELECT v_earlier.amount_micro - COALESCE(sum(t.amount_micro), 0) INTO v_left
                        FROM "chancellor"."transactions" AS t WHERE t.related_id = v.related AND t.kind = 'reversal';
                    FOR v_i IN 1..v_t LOOP
                        IF t_related[v_i] = v.related AND t_kind[v_i] = 'reversal' THEN v_left := v_left - t_amount[v_i]; END IF;
                    END LOOP;
                    v_amount := COALESCE(v.amount, v_left);
                    v_changes := ARRAY[-v_amount, v_amount];
                END IF;
            END IF;

            -- Closed and frozen wallets. What is taken back or given back moves out of a frozen one too.
            IF v_outcome IS NULL THEN
                FOR v_i IN 1..array_length(v_legs, 1) LOOP
                    v_x := v_legs[v_i];
                    IF a_status[v_x] = 'closed' THEN
                        v_outcome := CASE WHEN v_changes[v_i] < 0 THEN 'from_closed' ELSE COALESCE(v_outcome, 'to_closed') END;
                    ELSIF a_status[v_x] = 'frozen' AND v_changes[v_i] < 0 AND v.kind NOT IN ('release', 'reversal') THEN
                        v_outcome := COALESCE(v_outcome, 'from_frozen');
                    END IF;
                END LOOP;
                IF v.payee IS NOT NULL AND a_status[v.payee] = 'closed' THEN v_outcome := COALESCE(v_outcome, 'to_closed'); END IF;
            END IF;

            IF v_outcome IS NULL AND v_h IS NOT NULL AND v.place > 0 THEN
                IF h_expires[v_h] <= v_at AND h_captured[v_h] < h_amount[v_h] THEN v_outcome := 'hold_expired';
                ELSIF v_left = 0 THEN v_outcome := 'hold_closed';
                ELSIF v_amount > v_left THEN v_outcome := 'over_hold'; v_shown := v_left;
                END IF;
            ELSIF v_outcome IS NULL AND v.kind = 'reversal' THEN
                IF v_earlier.kind NOT IN ('payment', 'capture') THEN v_outcome := 'not_reversible';
                ELSIF v_left = 0 OR v_amount > v_left THEN v_outcome := 'over_reversed'; v_shown := v_left;
                END IF;
            ELSIF v_outcome IS NULL AND v.kind IN ('payment', 'hold') THEN
                IF v_amount > a_most[v_legs[1]] THEN
                    v_outcome := 'over_transaction_limit'; v_shown := a_most[v_legs[1]];
                ELSIF v_amount > a_daily[v_legs[1]] - a_spent[v_legs[1]] THEN
                    v_outcome := 'over_daily_limit'; v_shown := a_daily[v_legs[1]] - a_spent[v_legs[1]];
                END IF;
            END IF;

            -- Written as differences: no side of these comparisons can leave the range of BIGINT.
            IF v_outcome IS NULL THEN
                FOR v_i IN 1..array_length(v_legs, 1) LOOP
                    v_x := v_legs[v_i];
                    IF v_changes[v_i] < 0 AND v_ids[v_x] <> 'issuance' AND a_balance[v_x] < -v_changes[v_i] THEN
                        v_outcome := CASE v.kind WHEN 'reversal' THEN 'spent_by_receiver' ELSE 'insufficient_funds' END;
                        v_shown := a_balance[v_x];
                    END IF;
                END LOOP;
            END IF;
            IF v_outcome IS NULL THEN
                FOR v_i IN 1..array_length(v_legs, 1) LOOP
                    v_x := v_legs[v_i];
                    IF v_changes[v_i] > 0 AND a_balance[v_x] > c_max - v_changes[v_i]
                        OR v_changes[v_i] < 0 AND a_balance[v_x] < -c_max - v_changes[v_i] THEN v_outcome := 'balance_too_large';
                    END IF;
                END LOOP;
            END IF;
        END IF;

        IF v_outcome IS NULL THEN
            v_outcome := 'posted';
            v_t := v_t + 1;
            t_id[v_t] := v.id; t_kind[v_t] := v.kind; t_from[v_t] := v_ids[v_legs[1]]; t_to[v_t] := v_ids[v_legs[2]];
            t_amount[v_t] := v_amount; t_memo[v_t] := v.memo; t_related[v_t] := v.related; t_at[v_t] := v_at;
            t_event[v_t] := v.event;
            FOR v_i IN 1..array_length(v_legs, 1) LOOP
                v_x := v_legs[v_i];
                v_p := v_p + 1;
                a_balance[v_x] := a_balance[v_x] + v_changes[v_i];
                a_count[v_x] := a_count[v_x] + 1;
                a_last[v_x] := v_at;
                a_changed[v_x] := true;
                p_account[v_p] := v_ids[v_x]; p_number[v_p] := a_count[v_x]; p_tx[v_p] := v.id;
                p_change[v_p] := v_changes[v_i]; p_after[v_p] := a_balance[v_x];
            END LOOP;
            IF v.kind IN ('payment', 'hold') THEN a_spent[v_legs[1]] := a_spent[v_legs[1]] + v_amount; END IF;
            IF v.kind = 'hold' THEN
                v_n := v_n + 1;
                n_id[v_n] := v.id; n_wallet[v_n] := v_ids[v_legs[1]]; n_to[v_n] := v_ids[v.payee];
                n_amount[v_n] := v_amount; n_at[v_n] := v_at; n_expires[v_n] := v_at + v.seconds * interval '1 second';
            ELSIF v.kind = 'capture' THEN
                h_captured[v_h] := h_captured[v_h] + v_amount; h_released[v_h] := h_released[v_h] + v_rest;
            ELSIF v.kind = 'release' THEN
                h_released[v_h] := h_released[v_h] + v_amount;
            END IF;
            v_shown := a_balance[v."owner"];
            IF v.place > 0 THEN r_tx[v.place] := v.id; END IF;
        END IF;

        IF v.place > 0 THEN
            r_outcome[v.place] := v_outcome; r_balance[v.place] := v_shown; r_amount[v.place] := v_amount; r_at[v.place] := v_at;
            IF g_no IS NOT NULL AND v_outcome <> 'posted' AND NOT g_failed THEN
                g_failed := true;
                a_balance := g_balance; a_count := g_count; a_last := g_last; a_changed := g_changed; a_spent := g_spent;
                h_captured := g_captured; h_released := g_released; v_t := g_t; v_p := g_p; v_n := g_n;
                FOR v_i IN g_from..v.place - 1 LOOP
                    IF NOT r_stored[v_i] THEN
                        r_outcome[v_i] := 'linked_failed'; r_tx[v_i] := NULL; r_balance[v_i] := NULL;
                    END IF;
                END LOOP;
            END IF;
        END IF;
    END LOOP;

    WITH changed AS (
        UPDATE "chancellor"."accounts" AS a
            SET balance_micro = s.balance, posting_count = s.count, last_at = s.last, spent_micro = s.spent,
                spent_on = CASE WHEN s.spent > 0 THEN greatest(a.spent_on, v_today) END
            FROM unnest(v_ids, a_balance, a_count, a_last, a_spent, a_changed) AS s(id, balance, count, last, spent, changed)
            WHERE s.changed AND a.id = s.id
    ), written AS (
        INSERT INTO "chancellor"."transactions"
            (id, kind, from_account_id, to_account_id, amount_micro, memo, related_id, posted_at)
            SELECT * FROM unnest(t_id[1:v_t], t_kind[1:v_t], t_from[1:v_t], t_to[1:v_t], t_amount[1:v_t], t_memo[1:v_t],
                t_related[1:v_t], t_at[1:v_t])
    ), posted AS (
        INSERT INTO "chancellor"."postings" (account_id, number, transaction_id, change_micro, balance_after_micro)
            SELECT * FROM unnest(p_account[1:v_p], p_number[1:v_p], p_tx[1:v_p], p_change[1:v_p], p_after[1:v_p])
    ), told AS (
        INSERT INTO "chancellor"."outbox" (id, subject, payload, created_at)
            SELECT t.event, p_subject, jsonb_build_object(
                'id', t.event,
                'at', to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
                'payload', jsonb_build_object('transactionId', t.id, 'kind', t.kind, 'from', t.from_id, 'to', t.to_id,
                    'amount', "chancellor"."amount_text"(t.amount))), t.at
            FROM unnest(t_id[1:v_t], t_kind[1:v_t], t_from[1:v_t], t_to[1:v_t], t_amount[1:v_t], t_at[1:v_t], t_event[1:v_t])
                AS t(id, kind, from_id, to_id, amount, at, event)
    )
    INSERT INTO "chancellor"."outcomes"
        (owner_id, key, request_hash, outcome, transaction_id, balance_micro, amount_micro, decided_at)
        SELECT r.owner, r.key, r.hash, r.outcome, r.tx, r.balance, r.amount, r.at
        FROM unnest(r_owner, r_key, r_hash, r_outcome, r_tx, r_balance, r_amount, r_at, r_kept)
            AS r(owner, key, hash, outcome, tx, balance, amount, at, kept)
        WHERE r.kept;
    IF v_n > 0 THEN
        INSERT INTO "chancellor"."holds" (id, wallet_id, to_wallet_id, amount_micro, created_at, expires_at)
            SELECT * FROM unnest(n_id[1:v_n], n_wallet[1:v_n], n_to[1:v_n], n_amount[1:v_n], n_at[1:v_n], n_expires[1:v_n]);
    END IF;
    IF h_id IS NOT NULL THEN
        UPDATE "chancellor"."holds" AS h SET captured_micro = s.captured, released_micro = s.released
            FROM unnest(h_id, h_captured, h_released) AS s(id, captured, released)
            WHERE h.id = s.id AND (h.captured_micro, h.released_micro) <> (s.captured, s.released);
    END IF;
    RETURN QUERY SELECT * FROM unnest(r_outcome, r_replayed, r_tx, r_balance, r_amount, r_at);
END;
$$;
