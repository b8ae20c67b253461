"""How far an import came: a small file beside the result, so that an interrupted one goes on where
it stopped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cli.importer.sending import Sent


@dataclass(slots=True)
class Journal:
    """``rows`` of the file were sent and their verdicts stand in the first ``written`` bytes of the
    result.

    ``counts`` are of verdict and reason codes, ``again`` the rows whose verdict is an earlier
    import's. It is valid for one content and mapping (``sha256``) only.
    """

    path: Path
    sha256: str
    rows: int = 0
    written: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter[tuple[str, str]])
    verdicts: Counter[str] = field(default_factory=Counter[str])
    again: int = 0

    def add(self, sent: Sent) -> None:
        """Counts a batch."""
        self.rows += len(sent.verdicts)
        self.again += len(sent.verdicts) if sent.again else 0
        for one in sent.verdicts:
            self.verdicts[one.verdict] += 1
            self.counts.update((one.verdict, code) for code in one.codes)

    def save(self, written: int) -> None:
        """Keeps what was counted; a reader finds the state before or after, never half of it."""
        self.written = written
        said = {
            "sha256": self.sha256,
            "rows": self.rows,
            "written": written,
            "verdicts": self.verdicts,
            "counts": [[*key, count] for key, count in self.counts.items()],
            "again": self.again,
        }
        new = self.path.with_name(f"{self.path.name}.new")
        new.write_text(json.dumps(said), encoding="utf-8")
        new.replace(self.path)

    def close(self) -> None:
        """The import is complete."""
        self.path.unlink(missing_ok=True)


def of(target: Path, sha256: str) -> Journal:
    """The journal of a result file: as it was left if the same file is imported again, else a new
    one."""
    path = target.with_name(f"{target.name}.journal")
    said = _left(path)
    fresh = Journal(path, sha256)
    if said.get("sha256") != sha256 or not target.is_file() or target.stat().st_size < int(said.get("written", 0)):
        return fresh
    counts = Counter({(verdict, code): count for verdict, code, count in said["counts"]})
    return Journal(path, sha256, said["rows"], said["written"], counts, Counter(said["verdicts"]), said["again"])


def _left(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
