// Publish one payment and print its receipt: go run . PAYMENT_ID CUSTOMER_CODE AMOUNT_MINOR
package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

var name, user = os.Getenv("PARTNER"), os.Getenv("PARTNER_USERNAME")

func kafka(more ...kgo.Opt) *kgo.Client {
	sign := scram.Auth{User: user, Pass: os.Getenv("PARTNER_PASSWORD")}.AsSha512Mechanism()
	settings := []kgo.Opt{kgo.SeedBrokers(strings.Split(os.Getenv("PARTNER_SERVERS"), ",")...), kgo.SASL(sign)}
	if os.Getenv("PARTNER_SECURITY_PROTOCOL") != "SASL_PLAINTEXT" {
		settings = append(settings, kgo.DialTLSConfig(&tls.Config{}))
	}
	client, err := kgo.NewClient(append(settings, more...)...)
	if err != nil {
		log.Fatal(err)
	}
	return client
}

// publish returns once Kafka has the payment; the same one again changes nothing.
func publish(ctx context.Context, client *kgo.Client, paymentID, customerCode string, amountMinor int64) error {
	payment := map[string]any{"payment_id": paymentID, "customer_code": customerCode, "amount_minor": amountMinor,
		"currency": "BDT", "paid_at": time.Now().UTC().Format(time.RFC3339)}
	event, _ := json.Marshal(map[string]any{"specversion": "1.0", "type": "payment.received.v1", "source": name,
		"id": paymentID, "data": payment})
	structured := kgo.RecordHeader{Key: "content-type", Value: []byte("application/cloudevents+json")}
	record := &kgo.Record{Topic: "partner." + name + ".payments", Key: []byte(paymentID), Value: event,
		Headers: []kgo.RecordHeader{structured}}
	return client.ProduceSync(ctx, record).FirstErr()
}

// receiptOf returns the first receipt of the payment.
func receiptOf(ctx context.Context, paymentID string) (string, error) {
	client := kafka(kgo.ConsumerGroup(user+".receipts-"+paymentID), kgo.ConsumeTopics("partner."+name+".receipts"),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	defer client.Close()
	for ctx.Err() == nil {
		for _, each := range client.PollFetches(ctx).Records() {
			var receipt struct {
				PaymentID string `json:"payment_id"`
			}
			if json.Unmarshal(each.Value, &receipt) == nil && receipt.PaymentID == paymentID {
				return string(each.Value), nil
			}
		}
	}
	return "", fmt.Errorf("no receipt yet: ask again later, or send the payment again")
}

func main() {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	client := kafka() // franz-go waits for all replicas and is idempotent unless told otherwise
	defer client.Close()
	amount, err := strconv.ParseInt(os.Args[3], 10, 64)
	if err == nil {
		err = publish(ctx, client, os.Args[1], os.Args[2], amount)
	}
	if err != nil {
		log.Fatalf("not taken, send it again: %v", err)
	}
	receipt, err := receiptOf(ctx, os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(receipt)
}
