"""A question becomes an answer: question reading, look-up, wording, command line. Imports index, ingest and prompts."""
