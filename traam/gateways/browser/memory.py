"""What a browser weighs: the memory of all its processes, each page of memory shared counted once."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")


def tree(root: int) -> list[int]:
    """A process and its descendants."""
    children: dict[int, list[int]] = {}
    for folder in PROC.iterdir():
        if folder.name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                # The name of the program, in brackets, may hold anything: the parent comes second after it.
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                children.setdefault(parent, []).append(int(folder.name))
    found = [root]
    for process in found:  # grows as it is walked
        found.extend(children.get(process, ()))
    return found


def weight(process: int) -> int:
    """Bytes of one process: its proportional share (PSS); what it holds, where the kernel hides that from us."""
    with suppress(OSError, ValueError, IndexError):
        for line in (PROC / str(process) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return held(process)


def held(process: int) -> int:
    """Bytes that are not those of a file: fifty times quicker to learn. Shared memory counts once in each process."""
    found = 0
    with suppress(OSError, ValueError, IndexError):
        for line in (PROC / str(process) / "status").read_text().splitlines():
            if line.startswith(("RssAnon:", "RssShmem:")):
                found += int(line.split()[1]) * 1024
    return found  # 0 when it has ended meanwhile


def total(root: int) -> int:
    """Bytes of a process and its descendants together."""
    return sum(map(weight, tree(root)))


def holders(root: int) -> Sequence[tuple[int, int]]:
    """(bytes held, process) for each process of the tree, the greediest first."""
    return sorted(((held(process), process) for process in tree(root)), reverse=True)
