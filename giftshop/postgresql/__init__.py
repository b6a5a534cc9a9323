"""Django's PostgreSQL backend, with a pool that suits many short requests."""
