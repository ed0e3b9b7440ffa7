"""Counters beside the log: kept, cut into buckets, queried and rebuilt."""
