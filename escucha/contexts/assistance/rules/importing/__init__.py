"""A client's file of affiliates: its rows, its columns, and what each row says or why it cannot be taken."""
