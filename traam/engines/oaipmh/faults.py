"""What is answered to a request that cannot be honoured."""


class Fault(Exception):
    """One error code of the protocol, with French sentences for whoever runs the harvester."""

    def __init__(self, code: str, *sentences: str) -> None:
        super().__init__(code, *sentences)
        self.code = code
        self.sentences = sentences
