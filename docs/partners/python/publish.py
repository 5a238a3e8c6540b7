"""Publish one payment and print its receipt: python publish.py PAYMENT_ID CUSTOMER_CODE AMOUNT_MINOR"""

import json
import os
import sys
import time
from datetime import UTC, datetime

from confluent_kafka import Consumer, KafkaError, Message, Producer

NAME = os.environ["PARTNER"]
KAFKA = {
    "bootstrap.servers": os.environ["PARTNER_SERVERS"],
    "security.protocol": os.environ.get("PARTNER_SECURITY_PROTOCOL", "SASL_SSL"),
    "sasl.mechanism": "SCRAM-SHA-512",
    "sasl.username": os.environ["PARTNER_USERNAME"],
    "sasl.password": os.environ["PARTNER_PASSWORD"],
}


def check(error: KafkaError | None, _message: Message) -> None:
    """Raise what Kafka says against a payment out of the `flush` that waits for it."""
    if error is not None:
        raise SystemExit(f"not taken, send it again: {error}")


def publish(producer: Producer, payment_id: str, customer_code: str, amount_minor: int) -> None:
    """Return once Kafka has the payment; the same one again changes nothing."""
    payment = {"payment_id": payment_id, "customer_code": customer_code, "amount_minor": amount_minor}
    payment |= {"currency": "BDT", "paid_at": datetime.now(UTC).isoformat()}
    event = {"specversion": "1.0", "type": "payment.received.v1", "source": NAME, "id": payment_id}
    structured = {"content-type": "application/cloudevents+json"}
    value = json.dumps(event | {"data": payment})
    producer.produce(f"partner.{NAME}.payments", value, key=payment_id, headers=structured)
    if producer.flush(60) > 0:
        raise SystemExit("no answer yet: send it again")


def receipt_of(payment_id: str, seconds: float = 60) -> dict[str, str]:
    """The first final receipt; `held` is followed by another one when somebody has placed or rejected it."""
    group = {"group.id": f"{KAFKA['sasl.username']}.receipts-{payment_id}", "auto.offset.reset": "earliest"}
    consumer = Consumer(KAFKA | group | {"isolation.level": "read_committed"})
    consumer.subscribe([f"partner.{NAME}.receipts"])
    deadline = time.monotonic() + seconds
    try:
        while time.monotonic() < deadline:
            message = consumer.poll(1)
            if message is not None and message.error() is None:
                receipt = json.loads(message.value())
                if receipt["payment_id"] == payment_id:
                    return receipt
    finally:
        consumer.close()
    raise SystemExit("no receipt yet: ask again later, or send the payment again")


if __name__ == "__main__":
    safe = Producer(KAFKA | {"enable.idempotence": True, "on_delivery": check})
    publish(safe, sys.argv[1], sys.argv[2], int(sys.argv[3]))
    print(json.dumps(receipt_of(sys.argv[1])))
