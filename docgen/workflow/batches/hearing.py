"""What worker processes say, noted at the rows that it is about."""

from __future__ import annotations

from collections import Counter

from docgen.base.errors import EnvironmentFault
from docgen.base.messages import Message
from docgen.base.pool import Died, Done, Failed, Pool
from docgen.workflow.batches.group import Work
from docgen.workflow.batches.linking import missed
from docgen.workflow.batches.settling import Settling
from docgen.workflow.batches.tasks import Answer, Convert, Converted, Prepare, Printed, Ready, Refused, Task

#: Processes that may die over one row before it is given up.
_ATTEMPTS = 3


class Hearing:
    """Answers to the rows in hand.

    Attributes:
        works: The rows in hand, by their places.
        slow: Documents by type that took docxtpl's own steps.
    """

    def __init__(self, pool: Pool[Task, Answer], settling: Settling) -> None:
        self._pool, self._settling = pool, settling
        self.works: dict[int, Work] = {}
        self.slow: Counter[str] = Counter()

    def hear(self, event: Done[Task, Answer] | Failed[Task] | Died[Task]) -> None:
        """Note at its rows what a process says, or what becomes of them when it has died."""
        if isinstance(event, Died):
            self._resubmit(event)
        elif isinstance(event, Failed):
            bug = Refused(Message("程序内部错误，见日志", "an internal error, see the log"))
            self._settling.log(event.traceback)
            for work in self._concerned(event.task):
                work.refuse(bug)
        else:
            self._take(event.task, event.result)

    def _take(self, task: Task, answer: Answer) -> None:
        works, result = self._concerned(task), answer.result
        for work in works:
            work.spent(answer.seconds / len(works))
        if isinstance(result, Ready):
            works[0].ready, works[0].links = result, result.links
        elif isinstance(result, Printed):
            works[0].printed, works[0].pdf = result, result.pdf
            self.slow[works[0].row.type_id] += result.slow
        elif isinstance(result, Converted):
            for work, one in zip(works, result.results, strict=True):
                if isinstance(one, Refused):
                    self._refuse(work, one)
                else:
                    work.pdf = one
        else:
            for work in works:
                work.links = missed(result) if isinstance(task, Prepare) else frozenset()
                self._refuse(work, result)

    def _refuse(self, work: Work, refused: Refused) -> None:
        if refused.general:
            raise EnvironmentFault(refused.message)
        work.refuse(refused, path=self._settling.path(work, refused))

    def _concerned(self, task: Task) -> list[Work]:
        places = task.places if isinstance(task, Convert) else (task.row.place,)
        return [self.works[place] for place in places]

    def _resubmit(self, died: Died[Task]) -> None:
        """Give the tasks of a dead process to its successor."""
        for number, task in enumerate(died.tasks):
            for one in [task] if number else self._again(task):
                self._pool.submit(died.worker, one)

    def _again(self, task: Task) -> list[Task]:
        """Return what is to be done of a task over which a process died; it costs its row an attempt.

        Where it concerned several rows, each gets a task of its own: only the one to blame dies again.
        """
        if isinstance(task, Convert) and len(task.places) > 1:
            return [*task.singly()]
        [work] = self._concerned(task)
        work.attempt()
        if work.state.attempts < _ATTEMPTS:
            return [task]
        work.refuse(_deadly())
        return []


def _deadly() -> Refused:
    reason = Message(
        f"处理这一行的进程 {_ATTEMPTS} 次意外结束", f"the process at work on this row died {_ATTEMPTS} times"
    )
    return Refused(reason)
