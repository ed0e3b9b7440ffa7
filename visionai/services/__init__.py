"""The use cases, said in plain values: no request, no socket, no rendering.

analysis, batch     read images, log what was seen, return it
accounts/           who may call
statistics/         counters beside the log, and the queries that they answer
log/                the rows that are there: newest, exported, pruned
recording/          nothing accepted is lost on its way to a row
privacy/            show me, forget me
weights/            which weights are served, and how they are calibrated
lifecycle, health, presence      the process
"""
