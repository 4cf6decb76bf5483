"""How a command fails: one clear line on standard error and exit code 1, never a traceback."""

import sys
import traceback
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

OUR_ROOT = Path(__file__).resolve().parents[2]
OURS = ("bot", "storage", "retrieval")
FAILED = 1


class Failure(Exception):
    """A command cannot do what was asked; the text says why, and what would help."""


class Commands(TyperGroup):
    """The commands, each of whose failures is one line."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except KeyboardInterrupt:
            fail("interrupted")
        except BrokenPipeError:
            sys.stderr.close()  # who read our output has gone; nobody is left to tell
        except Exception as error:  # noqa: BLE001 -- the top of the program: the last place to say it clearly
            fail(in_one_line(error))
        raise typer.Exit(FAILED)


def fail(words: str) -> None:
    """Say on standard error why the command fails."""
    typer.echo(f"briefing-bot: {' '.join(words.split())}", err=True)


def in_one_line(error: Exception) -> str:
    """An expected error's own words; of a defect its type and place, since its words may be a reader's."""
    if type(error).__module__.partition(".")[0] in OURS:
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror.lower()}" if error.filename else error.strerror.lower()
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.startswith(str(OUR_ROOT))]
    place = f" at {Path(frames[-1].filename).relative_to(OUR_ROOT)}:{frames[-1].lineno}" if frames else ""
    return f"a defect: {type(error).__name__}{place}. Please report it with this line."
