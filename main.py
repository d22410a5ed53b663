"""Start the workstation, or do one of its commands: ``python main.py --help``."""

from desktop_app.bootstrap import run

if __name__ == "__main__":
    raise SystemExit(run())
