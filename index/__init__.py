"""Reports are kept and found: SQLite, a keyword index and a vector index. Imports ingest for its models."""
