"""The `traam` command. Exit codes: 0 done, 1 refused with a reason, 2 wrong usage."""

import os
import sys
from pathlib import Path


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "traam.config.settings")
    sys.path.insert(0, str(Path.cwd()))
    import django

    django.setup()
    from traam.config.commands import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
