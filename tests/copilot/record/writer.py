"""A process that appends to a record: `python -m tests.copilot.record.writer PATH CASE COUNT WHERE`.

It says "ready" and waits for a line; then it prints the number of each entry once that is saved. With WHERE = "commit"
it stops inside the COUNT-th transaction, says "inside" and waits for another line.
"""

from __future__ import annotations

import sys

from sqlalchemy import Connection, Engine, event

from copilot.record import Record


def say(word: object) -> None:
    print(word, flush=True)


def stop_inside(_: Connection) -> None:
    say("inside")
    sys.stdin.readline()


def main(path: str, case_id: str, count: str, where: str) -> None:
    with Record.open(path, patience=20) as record:
        say("ready")
        sys.stdin.readline()
        for number in range(1, int(count) + 1):
            if where == "commit" and number == int(count):
                event.listen(Engine, "commit", stop_inside)
            say(record.append("note", case_id, {"number": number}).seq)


if __name__ == "__main__":
    main(*sys.argv[1:])
