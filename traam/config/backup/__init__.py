"""One file that holds a site: its rows and its files, for any of the two databases (docs/decisions/0023).

`archive` is the file, `tables` the rows, `schemas` the empty tables that receive them; `saving` writes, `restoring`
puts back, `command` talks to whoever typed `traam backup` or `traam restore`.
"""
