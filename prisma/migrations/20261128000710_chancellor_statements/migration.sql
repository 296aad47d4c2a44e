-- The Chancellor: histories within two times, and balances as they were.

-- How many postings an account had before a time. By halves: its times never go back.
CREATE FUNCTION "chancellor"."postings_before"(p_account TEXT, p_at TIMESTAMPTZ) RETURNS BIGINT LANGUAGE plpgsql STABLE
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off SET jit = off AS $$
DECLARE
    v_low BIGINT := 0;
    v_high BIGINT;
    v_middle BIGINT;
    v_time TIMESTAMPTZ;
BEGIN
    SELECT a.posting_count INTO v_high FROM "chancellor"."accounts" AS a WHERE a.id = p_account;
    WHILE v_low < v_high LOOP
        v_middle := (v_low + v_high + 1) / 2;
        SELECT t.posted_at INTO v_time FROM "chancellor"."postings" AS p
            JOIN "chancellor"."transactions" AS t ON t.id = p.transaction_id
            WHERE p.account_id = p_account AND p.number = v_middle;
        IF v_time < p_at THEN v_low := v_middle; ELSE v_high := v_middle - 1; END IF;
    END LOOP;
    RETURN v_low;
END;
$$;
