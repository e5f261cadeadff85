"""The data folder of a stopped server, seen and changed behind its back."""

import sqlite3
from contextlib import closing
from pathlib import Path


def database_file(data: Path) -> Path:
    found = [
        path
        for path in data.rglob("*")
        if path.is_file() and path.read_bytes()[:16] == b"SQLite format 3\x00"
    ]
    assert len(found) == 1, found
    return found[0]


def change(data: Path, *statements: str) -> None:
    """Runs SQL on the database; every statement must change something."""
    with closing(sqlite3.connect(database_file(data))) as connection:
        for statement in statements:
            before = connection.total_changes
            connection.execute(statement)
            if not statement.lstrip().upper().startswith(("CREATE", "DROP", "ALTER", "PRAGMA")):
                assert connection.total_changes > before, f"nothing changed: {statement}"
        connection.commit()


def rows(data: Path, statement: str, *values) -> list[tuple]:
    with closing(sqlite3.connect(database_file(data))) as connection:
        return connection.execute(statement, values).fetchall()


def files_with(data: Path, needle: bytes) -> list[str]:
    """Which files of the folder contain these bytes."""
    return [str(path.relative_to(data)) for path in data.rglob("*") if path.is_file() and needle in path.read_bytes()]
