"""Which tests prove which clause of docs/requirements.toml. `python -m tests.proofs` prints the table."""
