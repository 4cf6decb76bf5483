"""Remembers: verbs over a session that take and return plain values. Knows retrieval.model and nothing else of ours."""
