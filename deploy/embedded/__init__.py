"""PostgreSQL and Valkey from wheels, as private child processes: the default of `make run` and `make test`."""
