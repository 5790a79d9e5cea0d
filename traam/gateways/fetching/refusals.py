"""How a visit fails: always one of `FETCH_ERRORS`, with a sentence for the person who gave the address."""


class Failed(Exception):
    """`error` is a word of `FETCH_ERRORS`, `detail` a French sentence: what happened, and what to do."""

    def __init__(self, error: str, detail: str) -> None:
        super().__init__(f"{error}: {detail}")
        self.error = error
        self.detail = detail


def refused(detail: str) -> Failed:
    """The platform does not visit this address, whatever would answer."""
    return Failed("refused", detail)
