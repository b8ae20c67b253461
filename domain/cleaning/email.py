"""An e-mail address as people type it: full width, with a label, in brackets, one of several."""

from __future__ import annotations

import re

from domain.cleaning.text import LONGEST, is_blank, tidy

# RFC 5321: at most 64 signs before the @, labels of at most 63 after it; each part is bounded, so
# no text is slow.
_ADDRESS = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~-])(?P<local>[\w!#$%&'*+/=?^`{|}~-](?:[\w.!#$%&'*+/=?^`{|}~-]{0,62}"
    r"[\w!#$%&'*+/=?^`{|}~-])?)"
    r"@(?P<domain>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,8}[^\W\d_](?:[\w-]{0,61}[^\W_]))(?![\w-])"
)
_LABEL = re.compile(r"^(?:mailto|e-?mail|mail|邮箱|邮件|电子邮件|电子邮箱|邮箱地址)\s*[:=]?\s*", re.IGNORECASE)
_AROUND_SIGNS = re.compile(r"\s*([@.])\s*")
MOST = 254


def read_email(text: object) -> str | None:
    """The first address, its domain in lower case; ``None`` if there is none. Never raises."""
    typed = _LABEL.sub("", tidy(text)).replace("。", ".")
    if is_blank(typed) or "@" not in typed[:LONGEST]:
        return None
    found = _ADDRESS.search(typed) or _ADDRESS.search(_AROUND_SIGNS.sub(r"\1", typed))
    if found is None or ".." in found["local"]:
        return None
    address = f"{found['local']}@{found['domain'].lower()}"
    return address if len(address) <= MOST else None
