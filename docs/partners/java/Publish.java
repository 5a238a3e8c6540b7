// Publish one payment and print its receipt: java -cp 'kafka-clients.jar:…' Publish.java PAYMENT_ID CUSTOMER_CODE AMOUNT_MINOR

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class Publish {
    static final String NAME = System.getenv("PARTNER");
    static final String USER = System.getenv("PARTNER_USERNAME");

    static Properties kafka(Map<String, String> more) {
        Properties settings = new Properties();
        settings.put("bootstrap.servers", System.getenv("PARTNER_SERVERS"));
        settings.put("security.protocol", System.getenv().getOrDefault("PARTNER_SECURITY_PROTOCOL", "SASL_SSL"));
        settings.put("sasl.mechanism", "SCRAM-SHA-512");
        settings.put("sasl.jaas.config", String.format(
            "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";",
            USER, System.getenv("PARTNER_PASSWORD")));
        settings.putAll(more);
        return settings;
    }

    /** Returns once Kafka has the payment; the same one again changes nothing. */
    static void publish(Producer<String, String> producer, String paymentId, String customerCode, long amountMinor)
            throws Exception {
        String event = """
            {"specversion": "1.0", "type": "payment.received.v1", "source": "%s", "id": "%s", "data": {"payment_id": "%s",
            "customer_code": "%s", "amount_minor": %d, "currency": "BDT", "paid_at": "%s"}}
            """.formatted(NAME, paymentId, paymentId, customerCode, amountMinor, Instant.now());
        var payment = new ProducerRecord<>("partner." + NAME + ".payments", paymentId, event);
        payment.headers().add("content-type", "application/cloudevents+json".getBytes(StandardCharsets.UTF_8));
        producer.send(payment).get();
    }

    /** Returns the first receipt of the payment. */
    static String receiptOf(String paymentId) {
        Map<String, String> group = Map.of("group.id", USER + ".receipts-" + paymentId,
            "auto.offset.reset", "earliest", "isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(kafka(group), new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of("partner." + NAME + ".receipts"));
            Instant deadline = Instant.now().plusSeconds(60);
            while (Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, String> each : consumer.poll(Duration.ofSeconds(1))) {
                    if (each.value().contains('"' + paymentId + '"')) {
                        return each.value();
                    }
                }
            }
        }
        throw new IllegalStateException("no receipt yet: ask again later, or send the payment again");
    }

    public static void main(String[] arguments) throws Exception {
        Map<String, String> safe = Map.of("acks", "all", "enable.idempotence", "true");
        try (var producer = new KafkaProducer<>(kafka(safe), new StringSerializer(), new StringSerializer())) {
            publish(producer, arguments[0], arguments[1], Long.parseLong(arguments[2]));
        }
        System.out.println(receiptOf(arguments[0]));
    }
}
