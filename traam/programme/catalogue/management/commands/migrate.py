from typing import Any

from django.core.management.commands import migrate

from traam.programme.catalogue import generation


class Command(migrate.Command):
    """Django's own, between the removal of the triggers that note public changes and their return.

    A table that SQLite makes anew loses its triggers; a new table of the catalogue gets its own without being told.
    """

    def handle(self, *args: Any, **options: Any) -> None:
        changing = not (options["plan"] or options["check_unapplied"])
        if changing:
            generation.forget()
        try:
            super().handle(*args, **options)
        finally:
            if changing:
                generation.follow()
