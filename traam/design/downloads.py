"""Files that people gave, given back so that they can do nothing in the name of the site."""

from typing import BinaryIO

from django.http import FileResponse

PRIVATE = "private, no-store"
# What a browser shows by itself without running anything of ours: the rest is kept on the reader's disk.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
_SHOWN = {
    "image/png": _SANDBOX,
    "image/jpeg": _SANDBOX,
    "image/gif": _SANDBOX,
    "image/webp": _SANDBOX,
    # The reader of some browsers is an object, which a sandbox refuses; a PDF has no access to its page anyway.
    "application/pdf": "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'",
}


def give_back(
    opened: BinaryIO, *, filename: str, media: str = "", shown: bool = False, cache: str = PRIVATE
) -> FileResponse:
    """The file, to keep; `shown`: opened by the browser when it is an image or a PDF. `media` comes from its bytes,
    never from its name; `filename` is one that `engines.sharing.safe_name` made."""
    inline = shown and media in _SHOWN
    response = FileResponse(
        opened, as_attachment=not inline, filename=filename, content_type=media or "application/octet-stream"
    )
    response["Cache-Control"] = cache
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _SHOWN[media] if inline else _SANDBOX
    return response
