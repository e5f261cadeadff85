"""The two engines to be measured: a data folder of SQLite, and a database of a PostgreSQL server of our own that keeps its
promises (`fsync=on`) and has its own default settings."""

import os
import pathlib
import shutil
import struct
import subprocess
import sys

from programs import Server, processor_seconds, set_up
from seed import seed, seed_postgres

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests/Scenarios"))
from support import postgres  # noqa: E402


class Cluster:
    """A PostgreSQL server."""

    def __init__(self):
        # The tests' own values are smaller than the server's defaults.
        self.server = postgres.Postgres(fsync=True, settings={"shared_buffers": "128MB"}).start()
        self.version = self.server.sql("SHOW server_version")

    def processor_seconds(self):
        """With all its processes; those that ended are counted with their parent."""
        parent = self.server.process.pid
        total = processor_seconds(parent)
        for child in postgres.children_of(parent):
            try:
                total += processor_seconds(child)
            except OSError:
                total += 0  # It ended just now, and its parent will have been told when it is asked next.
        return total

    def stop(self):
        self.server.close()


class SQLiteData:
    """An installation on SQLite."""

    name, database = "SQLite", None

    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder
        self.file = f"{folder}/data/gatehouse.db"

    def make(self, users=0):
        set_up(self.binary, self.folder)
        if users:
            seed(self.file, users)
        return self

    def serve(self):
        return Server(self.binary, self.folder)

    def options(self):
        return ["--data", f"{self.folder}/data"]

    def syncs(self):
        """How often a commit has waited for the disk: SQLite counts the transactions of its journal in the second number of its
        index, and each has an fsync of its own."""
        return struct.unpack_from("=I", pathlib.Path(self.file + "-shm").read_bytes()[:12], 8)[0]

    def size(self):
        """MiB."""
        return sum(os.path.getsize(path) for path in (self.file, self.file + "-wal") if os.path.exists(path)) / 2**20

    def drop(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class PostgresData:
    """An installation on PostgreSQL."""

    name = "PostgreSQL"

    def __init__(self, binary, folder, cluster):
        self.binary, self.folder, self.cluster = binary, folder, cluster
        self.database = cluster.server.create_database()
        os.makedirs(folder, exist_ok=True)

    def make(self, users=0):
        set_up(self.binary, self.folder, self.database)
        if users:
            seed_postgres(self, users)
        return self

    def serve(self, node=""):
        """`node` makes another data folder: nodes share nothing but the database."""
        return Server(self.binary, self.folder + node, self.database)

    def options(self):
        return ["--data", f"{self.folder}/data", "--database", self.database]

    def psql(self, statement, source=None, target=None, as_superuser=False):
        url = self.cluster.server.url(postgres.name_of(self.database)) if as_superuser else self.database
        return subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--command", statement, url],
            stdin=source or subprocess.DEVNULL, stdout=target or subprocess.PIPE, check=True).stdout  # fmt: skip

    def ask(self, statement, as_superuser=False):
        return self.psql(statement, as_superuser=as_superuser).decode().strip()

    def copy_in(self, place, text):
        file = pathlib.Path(self.folder, "rows")
        file.write_bytes(text)
        with file.open("rb") as source:
            self.psql(f"COPY {place} FROM STDIN", source=source)
        file.unlink()

    def syncs(self):
        """How often the write-ahead log went to the disk."""
        return int(self.ask("SELECT wal_sync FROM pg_stat_wal", as_superuser=True))

    def size(self):
        """MiB."""
        return int(self.ask(f"SELECT pg_database_size('{postgres.name_of(self.database)}')", as_superuser=True)) / 2**20

    def drop(self):
        self.cluster.server.drop_database(self.database)
        shutil.rmtree(self.folder, ignore_errors=True)
