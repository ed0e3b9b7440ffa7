"""The samples of the guides at /docs: each says whether it is run, as what file, and what it needs of the server."""

from __future__ import annotations

import re
from dataclasses import dataclass

from visionai.pages.docs.guides import Guide

_SAMPLE = re.compile(r"^```(?P<language>\w+)(?P<info>[^\n]*)\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL)
_PROGRAMS = {
    "python": "cat > {name} <<'END'\n{code}END\npython {name}",
    "js": "cat > {name} <<'END'\n{code}END\nnode {name}",
}
_SUFFIXES = {"python": "py", "js": "mjs"}


@dataclass(frozen=True)
class Sample:
    """A fenced block: `run` or `shown`, the file's name where it has one, and a path that the API must have."""

    language: str
    code: str
    words: tuple[str, ...]

    @property
    def runs(self) -> bool:
        return any(word.partition("=")[0] == "run" for word in self.words)

    @property
    def file(self) -> str | None:
        """What the guide calls it."""
        return self._of("run")

    @property
    def needs(self) -> str | None:
        return self._of("needs")

    def as_script(self) -> str:
        """Return commands of a shell that run it."""
        name = self.file or f"sample.{_SUFFIXES.get(self.language)}"
        return self.code if self.language == "bash" else _PROGRAMS[self.language].format(name=name, code=self.code)

    def _of(self, word: str) -> str | None:
        return dict(each.split("=", 1) for each in self.words if "=" in each).get(word)


def samples_of(guide: Guide, language: str) -> list[Sample]:
    """Return the samples of a guide in their order."""
    found = _SAMPLE.finditer(guide.read(language))
    return [Sample(each["language"], each["code"], tuple(each["info"].split())) for each in found]
