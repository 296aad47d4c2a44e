-- Closed and frozen wallets in "chancellor"."post" in the order that outcomes have: a closed payer, a closed payee, a frozen payer. A
-- frozen payer was told before a closed payee; and where nothing was left to move, a closed payer was taken for a payee, as it was
-- known by the sign of what moved, and a frozen one was not looked at. The payer is the first leg. All else of the function stays.
DO $migration$
DECLARE
    v_post TEXT := pg_get_functiondef('"chancellor"."post"(TEXT[], JSONB, TEXT[], TEXT)'::regprocedure);
    c_before CONSTANT TEXT := $$
                FOR v_i IN 1..array_length(v_legs, 1) LOOP
                    v_x := v_legs[v_i];
                    IF a_status[v_x] = 'closed' THEN
                        v_outcome := CASE WHEN v_changes[v_i] < 0 THEN 'from_closed' ELSE COALESCE(v_outcome, 'to_closed') END;
                    ELSIF a_status[v_x] = 'frozen' AND v_changes[v_i] < 0 AND v.kind NOT IN ('release', 'reversal') THEN
                        v_outcome := COALESCE(v_outcome, 'from_frozen');
                    END IF;
                END LOOP;
                IF v.payee IS NOT NULL AND a_status[v.payee] = 'closed' THEN v_outcome := COALESCE(v_outcome, 'to_closed'); END IF;
$$;
    c_after CONSTANT TEXT := $$
                FOREACH v_x IN ARRAY v_legs[2:] || v.payee LOOP
                    IF a_status[v_x] = 'closed' THEN v_outcome := 'to_closed'; END IF;
                END LOOP;
                IF a_status[v_legs[1]] = 'closed' THEN v_outcome := 'from_closed';
                ELSIF a_status[v_legs[1]] = 'frozen' AND v.kind NOT IN ('release', 'reversal') THEN
                    v_outcome := COALESCE(v_outcome, 'from_frozen');
                END IF;
$$;
BEGIN
    IF strpos(v_post, c_before) = 0 THEN
        RAISE EXCEPTION 'chancellor.post is another than this migration changes';
    END IF;
    EXECUTE replace(v_post, c_before, c_after);
END;
$migration$;
