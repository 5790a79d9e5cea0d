"""Documents into a zip whose bytes depend on nothing but them."""

import io
import zipfile
from collections.abc import Mapping

_EPOCH = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_LEVEL = 9
_TEXTS = (".xml", ".html")  # images, PDF and H5P are packed already: hundreds of megabytes are not packed twice


def pack(documents: Mapping[str, bytes], first: tuple[str, ...] = ()) -> bytes:
    """The archive: those named `first`, then by path; no date, no owner, the same level whatever the system."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for path in (*first, *sorted(set(documents) - set(first))):
            entry = zipfile.ZipInfo(path, _EPOCH)
            entry.create_system = _UNIX
            entry.external_attr = 0o644 << 16
            how = zipfile.ZIP_DEFLATED if path.endswith(_TEXTS) else zipfile.ZIP_STORED
            archive.writestr(entry, documents[path], how, _LEVEL)
    return out.getvalue()
