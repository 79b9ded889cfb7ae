"""Questions with known answers, and crowds that ask them."""

from __future__ import annotations

from collections.abc import Sequence

from tests.telegram.emulator import Emulator, Person
from tests.telegram.library import GDP, JOBS

KNOWN = {
    **{f"桓台县{year}年GDP": f"{value}亿元" for year, value in GDP.items()},
    **{f"桓台县{year}年城镇新增就业": f"{value}人" for year, value in JOBS.items()},
    "滨城区2020年新增就业多少": "7198人",
    "陵城区2020年新增城镇就业多少人": "5596人",
}
"""Question → how the answer begins."""


class Crowd:
    """So many people, each with so many questions; every one of them expects its own answers, in order, once."""

    def __init__(self, telegram: Emulator, people: int, each: int, *, language: str = "zh-hans") -> None:
        self.telegram = telegram
        self.people = [telegram.person(f"读者{number}", language=language) for number in range(people)]
        questions = list(KNOWN)
        self.questions: dict[int, list[str]] = {
            person.id: [questions[(number * each + at * 5) % len(questions)] for at in range(each)]
            for number, person in enumerate(self.people)
        }

    def ask(self, people: Sequence[Person] | None = None) -> None:
        """Everybody's first question, then everybody's second, all without waiting."""
        chosen = self.people if people is None else people
        for at in range(max(len(self.questions[one.id]) for one in chosen)):
            for person in chosen:
                person.say(self.questions[person.id][at])

    def answered(self) -> int:
        return sum(len(person.room.from_bot()) for person in self.people)

    def expected(self) -> int:
        return sum(map(len, self.questions.values()))

    def wait(self, count: int | None = None, timeout: float = 90) -> None:
        wanted = self.expected() if count is None else count
        self.telegram.wait_until(
            lambda: self.answered() >= wanted, timeout, lambda: f"{self.answered()} of {wanted} answers came"
        )

    def faults(self) -> list[str]:
        """Who did not get exactly the expected answers in the order of the questions."""
        wrong = []
        for person in self.people:
            wanted = [KNOWN[one] for one in self.questions[person.id]]
            got = [one["text"].splitlines()[0] for one in person.room.from_bot()]
            if len(got) != len(wanted) or not all(map(str.startswith, got, wanted)):
                wrong.append(f"{person.info['first_name']}: {got} instead of {wanted}")
        return wrong
