"""The double's API: one request from its headers to its answer, and which path does what."""
