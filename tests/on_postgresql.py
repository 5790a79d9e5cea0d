"""Run a command with DATABASE_URL naming a private PostgreSQL server, started for it on a socket and thrown away after.

python tests/on_postgresql.py pytest -n 2
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

# A server that is thrown away fears no power cut, and has nobody to copy itself to.
THROWN_AWAY = " ".join(
    f"-c {setting}"
    for setting in (
        "fsync=off",
        "full_page_writes=off",
        "synchronous_commit=off",
        "wal_level=minimal",
        "max_wal_senders=0",
        "autovacuum=off",
        "jit=off",
        "shared_buffers=512MB",
    )
)


def _tools() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    if on_path is None:
        sys.exit("PostgreSQL n'est pas installé : apt install postgresql")
    return Path(on_path).parent


def main() -> int:
    tools = _tools()
    # PostgreSQL refuses to run as root: there, it runs as nobody.
    owner = "nobody" if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="traam-pg-") as name:
        folder = Path(name)
        if owner:
            shutil.chown(folder, owner, pwd.getpwnam(owner).pw_gid)
        data = folder / "data"
        quiet = {"stdout": subprocess.DEVNULL, "user": owner, "check": True, "cwd": "/"}
        subprocess.run([tools / "initdb", "-D", data, "-U", "traam", "-A", "trust", "-E", "UTF8", "--no-sync"], **quiet)
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} {THROWN_AWAY}"
        control = [tools / "pg_ctl", "-D", data, "-w"]
        subprocess.run([*control, "-o", options, "-l", folder / "log", "start"], **quiet)
        try:
            address = f"postgresql://traam@/postgres?host={quote(str(folder), safe='')}"
            return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": address}, check=False).returncode
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], **quiet)


if __name__ == "__main__":
    sys.exit(main())
