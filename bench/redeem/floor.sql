-- All of a redemption in one call: who asks, what was asked before, the rules, and every row.
-- The message to the outbox is written by the product's trigger, as for any redemption.
CREATE OR REPLACE FUNCTION bench_redeem(
    _token_digest bytea, _code_digest bytea, _key text, _request_digest bytea, _asked bigint,
    _redemption_id uuid, _entry_id uuid, _now timestamptz
) RETURNS TABLE (status integer, answer text) LANGUAGE plpgsql AS $$
DECLARE
    at record;
    gift record;
    spent bigint;
    no text;
BEGIN
    SELECT d.id, d.store_id, d.brand_id, s.operator, b.reversal_window_seconds AS seconds INTO at
      FROM redemption_device d
      JOIN brands_store s ON s.id = d.store_id AND s.is_active
      JOIN brands_brand b ON b.id = d.brand_id
     WHERE d.token_digest = _token_digest AND d.revoked_at IS NULL
       AND d.profile IN ('pos', 'integration');
    IF NOT FOUND THEN
        RETURN QUERY SELECT 401, '{"reason": "authentication_failed"}';
        RETURN;
    END IF;

    SELECT c.id, c.state, c.valid_from, c.expires_at, c.store_ids, c.balance, c.currency, c.label,
           c.kind, c.recipient_name INTO gift
      FROM redemption_code c
     WHERE c.digest = _code_digest AND c.brand_id = at.brand_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN QUERY SELECT 404, '{"reason": "unknown_code"}';
        RETURN;
    END IF;

    spent := coalesce(_asked, gift.balance);
    no := CASE
        WHEN gift.store_ids <> '{}' AND NOT at.store_id = ANY (gift.store_ids) THEN 'wrong_store'
        WHEN gift.state = 'redeemed' THEN 'already_redeemed'
        WHEN gift.state <> 'active' THEN gift.state
        WHEN _now < gift.valid_from THEN 'not_yet_valid'
        WHEN _now >= gift.expires_at THEN 'expired'
        WHEN spent > gift.balance THEN 'insufficient_balance'
    END;
    status := CASE WHEN no IS NULL THEN 201 ELSE 409 END;
    answer := CASE WHEN no IS NULL THEN json_build_object(
        'id', _redemption_id, 'status', 'redeemed',
        'redeemed', json_build_object('amount', spent, 'currency', gift.currency),
        'balance', json_build_object('amount', gift.balance - spent, 'currency', gift.currency),
        'extra', json_build_object('amount', 0, 'currency', gift.currency),
        'gift', json_build_object(
            'label', gift.label, 'kind', gift.kind, 'recipient_name', gift.recipient_name),
        'choices', '[]'::json, 'redeemed_at', _now,
        'reversible_until', _now + make_interval(secs => at.seconds)
    ) ELSE json_build_object('status', 409, 'reason', no) END;

    INSERT INTO redemption_idempotencyrecord AS r
           (device_id, key, request_digest, status_code, body, created_at)
    VALUES (at.id, _key, _request_digest, status, answer, _now) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        SELECT CASE WHEN r.request_digest = _request_digest THEN r.status_code ELSE 422 END, r.body
          INTO status, answer
          FROM redemption_idempotencyrecord r WHERE r.device_id = at.id AND r.key = _key;
        RETURN NEXT;
        RETURN;
    END IF;

    IF no IS NULL THEN
        UPDATE redemption_code
           SET balance = gift.balance - spent,
               state = CASE WHEN gift.balance = spent THEN 'redeemed' ELSE 'active' END,
               state_at = CASE WHEN gift.balance = spent THEN _now ELSE state_at END
         WHERE id = gift.id;
        INSERT INTO redemption_redemption
               (id, brand_id, code_id, store_id, device_id, amount, currency, picks, extra_amount,
                idempotency_key, offline, redeemed_at)
        VALUES (_redemption_id, at.brand_id, gift.id, at.store_id, at.id, spent, gift.currency, '{}',
                0, _key, false, _now);
        INSERT INTO redemption_journalentry
               (id, brand_id, kind, reference, occurred_at, created_at)
        VALUES (_entry_id, at.brand_id, 'redemption', 'redemption:' || _redemption_id, _now, _now);
        INSERT INTO redemption_posting
               (entry_id, brand_id, account, amount, currency, code_id, store_id)
        VALUES (_entry_id, at.brand_id, 'gift_liability', spent, gift.currency, gift.id, NULL),
               (_entry_id, at.brand_id,
                CASE WHEN at.operator = '' THEN 'sales' ELSE 'store_payable' END,
                -spent, gift.currency, NULL, at.store_id);
    END IF;
    RETURN NEXT;
END $$;
