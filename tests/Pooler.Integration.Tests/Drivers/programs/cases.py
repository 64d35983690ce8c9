"""What the programs of the Python drivers share. Each prints one line per result: the case, what was looked at, and the value."""

import hashlib
import threading
import time

SLEEPING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'"


def show(case, what, value):
    print(f"{case} {what}: {value}".replace("\n", " "), flush=True)


def md5(data):
    return hashlib.md5(data.encode() if isinstance(data, str) else bytes(data)).hexdigest()


def wait_until(condition):
    """Asks again until it holds; the test's own limit ends a program that waits in vain."""
    while not condition():
        time.sleep(0.01)


def in_threads(count, work):
    """Runs work(0) to work(count - 1) at the same time and returns what they return, in that order."""
    results = [None] * count

    def run(index):
        try:
            results[index] = work(index)
        except Exception as error:
            results[index] = f"{type(error).__name__}: {error}"

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
