"""PostgreSQL and Valkey, started from the programs that the lock's wheels bring."""
