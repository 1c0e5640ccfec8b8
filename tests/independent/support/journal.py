"""What a process puts on the disk, in which order: as much of it as a loss of power leaves behind."""

import os
import subprocess
from pathlib import Path

SOURCE = Path(__file__).with_name("journal.c")


class Journal:
    """The calls of a process that decide what survives a loss of power."""

    def __init__(self, directory):
        library = directory / "journal.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, SOURCE, "-ldl"], check=True)
        self._file = directory / "journal"
        self._file.touch()
        self.environment = {"LD_PRELOAD": library, "JOURNAL": self._file}

    def clear(self):
        os.truncate(self._file, 0)

    def entries(self):
        """(what, path, target) of each call, in order."""
        lines = self._file.read_text().splitlines()
        return [(what, Path(path), Path(target)) for what, path, target in (line.split("\t") for line in lines)]


class Disk:
    """Follows a journal and knows at each point which names and contents are only in memory."""

    def __init__(self, entries):
        self.synchronised = set()
        self.names_in_memory = set()
        for what, path, target in entries:
            if what == "synchronised":
                self.synchronised.add(path)
                self.names_in_memory = {name for name in self.names_in_memory if name.parent != path}
            elif what == "made":
                self.names_in_memory.add(path)
            elif what == "renamed":
                self.names_in_memory.add(target)
                if path in self.synchronised:
                    self.synchronised.add(target)
