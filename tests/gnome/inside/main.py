"""Runs a scenario: main.py NAME. What is seen when it fails is left in /out."""

import faulthandler
import importlib
import sys
import traceback

sys.path[:0] = ["/bench/inside", "/bench/scenarios"]

import drive


# A call that never returns is shown, before the machine is ended.
STUCK = 200


def main(name):
    faulthandler.dump_traceback_later(STUCK, exit=True)
    try:
        importlib.import_module(name).scenario()
    except Exception:
        traceback.print_exc()
        drive.shot("failed")
        drive.save_trees("failed")
        return 1
    finally:
        drive.end_programs()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
