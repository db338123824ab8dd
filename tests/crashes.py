"""A knife that cuts work at its n-th change of the disk: the process dies there, or the system refuses."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from typing import Any

#: Cut in all ways, at every step, with all that takes long.
FULL = bool(os.environ.get("DOCGEN_TEST_FULL"))
#: How a step may be cut: before it, half-way through a write, or after it was done (network drives report
#: errors for calls that succeeded).
WAYS = tuple(
    f"{what} {when}" for what in ("death", "EIO", "ENOSPC", "EACCES") for when in ("before", "half", "after")
)


class Death(BaseException):
    """The process was killed: nothing runs after it, no handler and no cleaning up."""


class Cut:
    """Stands in for `files.step`: the n-th step is cut, and what is in ``cannot`` never works."""

    def __init__(self, at: int, how: str, cannot: tuple[object, ...] = ()) -> None:
        self.at, self.cannot = at, cannot
        self.what, self.when = how.split()
        self.calls = 0
        self.dead = False

    def __call__(self, operation: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        if self.dead:
            raise Death
        if operation in self.cannot:
            raise OSError(errno.EPERM, os.strerror(errno.EPERM))
        self.calls += 1
        if self.calls != self.at:
            return operation(*args, **kwargs)
        if self.when == "half" and operation is os.write:
            os.write(args[0], bytes(args[1])[: len(args[1]) // 2])
        elif self.when == "after":
            operation(*args, **kwargs)
        if self.what == "death":
            self.dead = True
            raise Death
        code = getattr(errno, self.what)
        raise OSError(code, os.strerror(code))
