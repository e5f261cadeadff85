"""What a server keeps, seen and changed behind its back: a data folder, and on PostgreSQL a database."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from support import postgres
from support.server import Server


def database_file(data: Path) -> Path:
    found = [
        path
        for path in data.rglob("*")
        if path.is_file() and path.read_bytes()[:16] == b"SQLite format 3\x00"
    ]
    assert len(found) == 1, found
    return found[0]


def change(server: Server, *statements: str) -> None:
    """Runs SQL on the database; every statement must change something."""
    if server.database is not None:
        for statement in statements:
            told = postgres.run(server.database, statement)
            assert not told.endswith(" 0"), f"nothing changed: {statement}"
        return
    with closing(sqlite3.connect(database_file(server.data))) as connection:
        for statement in statements:
            before = connection.total_changes
            connection.execute(statement)
            if not statement.lstrip().upper().startswith(("CREATE", "DROP", "ALTER", "PRAGMA")):
                assert connection.total_changes > before, f"nothing changed: {statement}"
        connection.commit()


def rows(server: Server, query: str) -> list[tuple]:
    if server.database is not None:
        return postgres.rows(server.database, query)
    with closing(sqlite3.connect(database_file(server.data))) as connection:
        return connection.execute(query).fetchall()


def copy_of(server: Server, folder: Path) -> Server:
    """Another server, not started, on a copy of what a stopped one has."""
    shutil.copytree(server.data, folder)
    if server.database is None:
        return Server(data=folder, engine="sqlite")
    copy = Server(data=folder, engine="postgres")
    postgres.shared().drop_database(copy.database)
    copy.database = postgres.shared().create_database(
        name=postgres.name_of(copy.database), template=postgres.name_of(server.database)
    )
    return copy


def places_with(server: Server, needle: bytes) -> list[str]:
    """In which files of the folder, and in what of the database, these bytes are."""
    found = [
        str(path.relative_to(server.data)) for path in server.data.rglob("*") if path.is_file() and needle in path.read_bytes()
    ]
    if server.database is not None and needle in postgres.dump(server.database):
        found.append("the database")
    return found
