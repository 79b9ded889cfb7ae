"""Where the installed `zhengwen` begins: Ctrl-C while Python still loads the program is no traceback either."""

from __future__ import annotations

import gc
import signal
import sys

# A start makes some hundred thousand objects that stay: looking for garbage among them is a tenth of its time.
gc.set_threshold(100_000, 50, 50)


def main() -> int:
    """Run the command line; its exit code, 130 when it was stopped before it could begin."""
    try:
        from zhengwen.bot.cli import main as run

        return run()
    except KeyboardInterrupt:
        print("zhengwen: stopped", file=sys.stderr)
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # what is left is the interpreter's own end


if __name__ == "__main__":
    sys.exit(main())
