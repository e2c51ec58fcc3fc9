"""Taking in a client's file of affiliates: asked for by a person, read and merged by a worker."""
