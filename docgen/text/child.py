"""A child process that reads files: `python -m docgen.text.child SECONDS MEGABYTES`.

One line of JSON in (`{"path": …}`), one line out (`serve`: other children answer other requests).
Whatever a hostile file does, it does here: memory
and processor time are limited by the system, the parent watches the clock, and when the parent ends
(its end of the pipe closes, however it ends) this process ends too.
"""

from __future__ import annotations

import json
import os
import queue
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from docgen.text.readers import read


def serve(handle: Callable[[dict[str, Any]], dict[str, object]], seconds: int, megabytes: int) -> None:
    """Answer requests until standard input ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not get between the answers
    requests: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, requests), daemon=True).start()
    _limit_memory(megabytes)
    _answer(answers, {"ready": True})
    while True:
        request = json.loads(requests.get())
        _limit_time(seconds)
        _answer(answers, handle(request))


def _read(request: dict[str, Any]) -> dict[str, object]:
    return asdict(read(Path(request["path"])))


def _listen(stream: IO[bytes], requests: queue.SimpleQueue[bytes]) -> None:
    for line in stream:
        requests.put(line)
    os._exit(0)  # the parent is gone: leave also in the middle of a file


def _answer(stream: IO[bytes], answer: dict[str, object]) -> None:
    stream.write(json.dumps(answer, ensure_ascii=False).encode("utf-8", "surrogatepass") + b"\n")
    stream.flush()


if sys.platform == "win32":  # pragma: no cover - the parent's clock is the only limit there

    def _limit_memory(megabytes: int) -> None:
        del megabytes

    def _limit_time(seconds: int) -> None:
        del seconds

else:
    import math
    import resource

    def _limit_memory(megabytes: int) -> None:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    def _limit_time(seconds: int) -> None:
        """Let the system end this process should it outlive its parent inside a library that never yields."""
        used = resource.getrusage(resource.RUSAGE_SELF)
        end = math.ceil(used.ru_utime + used.ru_stime) + 2 * seconds
        resource.setrlimit(resource.RLIMIT_CPU, (end, resource.RLIM_INFINITY))


if __name__ == "__main__":
    serve(_read, int(sys.argv[1]), int(sys.argv[2]))
