"""Fills a database with users that all share one password hash, straight into the SQLite file of a stopped server or by COPY
into PostgreSQL."""

import random
import sqlite3
import time

FIRST = """ada aiko amir ana ann anna anton aron bea ben bo boris carla chidi clara dana dario dora edith elif elin emil erik eva
eve femi finn gita greta hana hans hugo igor ines ivan iris jan jo jonas juan kai karl kim lara lea lee leo lena lina luca lucy
maja mara marco maria max mei mia mila mona musa nadia nils nina noor olga omar oscar otto paul petra pia qi ravi rita rosa sami
sara sven tess tom uma ursula vera viktor wim xi yara yusuf zoe""".split()
LAST = """adams ali bauer berg bianchi brandt cruz dahl diaz dubois eriksson fischer garcia haas hansen ito ivanov jansen jones
keller khan kim koch kowalski kumar lang larsen lee lind lopez mayer meyer moreau moreno muller nagy nielsen novak nowak okafor
olsen park patel peters pohl popa ramos reyes ricci roman rossi roth santos sato schmidt silva singh smith sokolov suzuki tanaka
tran vega vogel wagner wang weber weiss wolf wright yamada yilmaz zhang zimmer""".split()


def words(*texts):
    """The places where a search word may begin, as Sources/Directory/UserRules.swift finds them in ASCII text."""
    found = set()
    for text in texts:
        for token in text.lower().split():
            at_start = True
            for index, character in enumerate(token):
                is_part = character.isalnum()
                if is_part and at_start:
                    found.add(token[index : index + 64])
                at_start = not is_part
            found.add(token[:64])
    return sorted(found)


def username(number):
    """The user's name; in alphabetic order users stand in another order than they were made in, as in real life."""
    mixed = random.Random(number)
    return f"{mixed.choice(FIRST)}.{mixed.choice(LAST)}{number}"


def user_id(number):
    """A UUID of version 7, later for later users."""
    return f"{0x019A0000 + (number >> 16):08x}-{number & 0xFFFF:04x}-7000-8000-{number:012x}"


def is_disabled(number):
    return number % 20 == 0


# Columns of the tables, in the order of the rows below.
COLUMNS = {
    "principal": "realm_id, id, kind, store_id, name, name_key, status, version, created_at, updated_at",
    "user_profile": "realm_id, id, display_name, display_key, email, email_key, email_verified, attributes, search",
    "sign_in_activity": "realm_id, principal_id, last_at",
    "credential": "realm_id, id, principal_id, kind, secret, must_change, created_at",
    "user_word": "realm_id, word, user_id",
}
BLOCK = 50_000


def person(number):
    """Display name and e-mail address."""
    first, last = username(number).rstrip("0123456789").split(".")
    return f"{first.title()} {last.title()}", f"{first}.{last}{number}@acme{number % 500}.example"


def blocks(count, secret):
    """Rows of all tables but the search words, a block at a time; the last one has all the words, in the order of their key, so
    that the tree is written from left to right."""
    now = int(time.time() * 1000)
    places = []
    for start in range(0, count, BLOCK):
        rows = {"principal": [], "user_profile": [], "sign_in_activity": [], "credential": []}
        for number in range(start, min(count, start + BLOCK)):
            id, name = user_id(number), username(number)
            display, email = person(number)
            found = words(name, display, email)
            made = now - (count - number) * 1000
            status = "disabled" if is_disabled(number) else "active"
            rows["principal"].append(("main", id, "user", "builtin", name, name, status, 1, made, made))
            rows["user_profile"].append(
                ("main", id, display, display.lower(), email, email, 0, "{}", "".join("\n" + w for w in found)))
            rows["sign_in_activity"].append(("main", id, now - number * 7919 % 86_400_000 if number % 3 else 0))
            # Ids of credentials need only differ.
            rows["credential"].append(("main", id, id, "password", secret, 0, made))
            places.extend((word, id) for word in found)
        yield rows
    places.sort()
    for start in range(0, len(places), BLOCK):
        yield {"user_word": [("main", *place) for place in places[start : start + BLOCK]]}


def seed(path, count):
    """Adds `count` users with the password of the one user who is there."""
    database = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000"):
        database.execute(f"PRAGMA {pragma}")
    (secret,) = database.execute("SELECT secret FROM credential LIMIT 1").fetchone()
    database.execute("BEGIN")
    for block in blocks(count, secret):
        for table, rows in block.items():
            columns = COLUMNS[table]
            marks = ", ".join("?" * (columns.count(",") + 1))
            database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)
    database.execute("COMMIT")
    database.execute("PRAGMA journal_mode=WAL")
    database.close()


def copy_text(rows):
    """Rows in the text form of PostgreSQL's COPY; none of ours holds a tab or a backslash."""
    return "".join("\t".join(str(value).replace("\n", "\\n") for value in row) + "\n" for row in rows)


def seed_postgres(database, count):
    """The same for PostgreSQL, with statistics as its autovacuum would have made them by and by."""
    secret = database.ask("SELECT secret FROM credential LIMIT 1")
    for block in blocks(count, secret):
        for table, rows in block.items():
            database.copy_in(f"{table} ({COLUMNS[table]})", copy_text(rows).encode())
    database.ask("VACUUM ANALYZE", as_superuser=True)
    database.ask("CHECKPOINT", as_superuser=True)
