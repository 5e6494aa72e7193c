"""Work that does not end in time."""

import time


def main() -> None:
    time.sleep(60)
