"""Files as they arrive: what is too heavy is never stored, neither in memory nor on the disk.

A file heavier than `MOST_OF_A_FILE` is read past to its end, so that the other fields of its form are not lost. A
request that announces more than `MOST_OF_A_REQUEST` is read no further than its first file. Both leave a `TooBig` where
the file would be, which every `PageForm` refuses with its sentence.
"""

from typing import Any, NoReturn

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import QueryDict
from django.http.multipartparser import MultiPartParser
from django.utils.datastructures import MultiValueDict

MOST_OF_A_FILE = 32_000_000
MOST_OF_A_REQUEST = 100_000_000


class TooBig(UploadedFile):  # type: ignore[type-arg]
    """A file that was not stored: its name, and its size as far as it is known."""

    def __init__(self, name: str, size: int) -> None:
        super().__init__(ContentFile(b""), name, "application/octet-stream", size)

    def read(self, *_: Any) -> NoReturn:
        raise ValueError("this file was too big to be stored")


def too_heavy(label: str, size: int, most: int) -> str:
    """Why a file is refused for its weight."""
    heavy = f"{size / 1e9:.1f} Go" if size >= 1e9 else f"{size / 1e6:.1f} Mo"
    return (
        f"« {label} » : ce fichier pèse {heavy.replace('.', ',')}, c'est trop ({most // 1_000_000} Mo au plus). "
        "Choisissez-en un plus léger, ou partagez un lien."
    )


class Bounded(FileUploadHandler):
    """The first of the handlers: the others see nothing of a file past its limit."""

    seen = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> tuple[QueryDict, MultiValueDict[str, Any]] | None:
        if content_length <= MOST_OF_A_REQUEST:
            return None
        stop = _Stop()
        post, files = MultiPartParser(META, input_data, [stop], encoding).parse()
        if stop.named:
            files.appendlist(stop.named[0], TooBig(stop.named[1], content_length))
        return post, files

    def new_file(self, *args: Any, **options: Any) -> None:
        super().new_file(*args, **options)
        self.seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        self.seen += len(raw_data)
        return raw_data if self.seen <= MOST_OF_A_FILE else None

    def file_complete(self, file_size: int) -> TooBig | None:
        return TooBig(str(self.file_name), self.seen) if self.seen > MOST_OF_A_FILE else None


class _Stop(FileUploadHandler):
    """Ends the reading at the first file: the fields before it are kept, the rest is left to the network."""

    named: tuple[str, str] | None = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **options: Any) -> None:
        self.named = field_name, file_name
        raise StopUpload(connection_reset=True)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        return None

    def file_complete(self, file_size: int) -> None:
        return None
