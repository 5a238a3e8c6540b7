-- name: put_into_inbox!
INSERT INTO sandbox_message (message_id, gateway_id, mobile, text, segments, sent_at)
VALUES (:message_id, :gateway_id, :mobile, :text, :segments, :now)
    ON CONFLICT (message_id) DO NOTHING

-- name: inbox_holds$
SELECT EXISTS (SELECT FROM sandbox_message WHERE message_id = :message_id)

-- name: inbox
SELECT message_id, gateway_id, mobile, text, segments, sent_at
  FROM sandbox_message
 ORDER BY sent_at DESC, message_id DESC
 LIMIT :most
