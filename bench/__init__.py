"""The measures: each beside a baseline run in the same process, on the same data. `make bench` prints the table."""
