"""Webhooks: events told by signed requests, from an outbox that is written in the transaction of their cause."""
