"""Outgoing messages: written in the transaction of the act, sent afterwards by the worker."""
